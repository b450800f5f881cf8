"""Bar charts as SVG, by hand: no library, the same bytes for the same figures, readable on light and on dark pages."""

from html import escape
from pathlib import Path

COLOURS = ("#4e79a7", "#f28e2b", "#59a14f")
LEFT, BAR, GAP, WIDTH = 130, 14, 10, 760


def bars(path, title, unit, names, series):
    """A group of bars for each name; series: what each bar of a group is, and its values, None where there is none."""
    most = max((v for _, values in series for v in values if v is not None), default=0) or 1
    group = BAR * len(series) + GAP
    height = 64 + group * len(names)
    scale = (WIDTH - LEFT - 90) / most
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" role="img" '
           f'font-family="sans-serif" font-size="12"><title>{escape(title)}</title>',
           f'<rect width="{WIDTH}" height="{height}" rx="6" fill="#ffffff"/>',
           f'<text x="16" y="22" font-size="14" font-weight="bold" fill="#222">{escape(title)}</text>']
    x = 16
    for i, (what, _) in enumerate(series):
        out.append(f'<rect x="{x}" y="32" width="12" height="12" fill="{COLOURS[i]}"/>'
                   f'<text x="{x + 18}" y="42" fill="#222">{escape(what)}</text>')
        x += 40 + 7 * len(what)
    for n, name in enumerate(names):
        top = 56 + n * group
        out.append(f'<text x="{LEFT - 8}" y="{top + (group - GAP) / 2 + 4:g}" text-anchor="end" fill="#222">{escape(name)}</text>')
        for i, (_, values) in enumerate(series):
            if values[n] is not None:
                y, length = top + i * BAR, max(1, values[n] * scale)
                out.append(f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR - 2}" fill="{COLOURS[i]}"/>'
                           f'<text x="{LEFT + length + 6:.1f}" y="{y + 10}" font-size="11" fill="#444">{values[n]:g} {escape(unit)}</text>')
    Path(path).write_text("\n".join(out) + "\n</svg>\n")
