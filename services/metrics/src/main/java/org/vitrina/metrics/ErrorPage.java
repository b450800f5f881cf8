package org.vitrina.metrics;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The absolute error as a page with two plots, drawn here: no script, nothing from elsewhere. */
final class ErrorPage {
    private static final String NOTHING = "<p>No pairs yet.</p>";
    private static final int WIDTH = 860;
    private static final int HEIGHT = 240;
    private static final int LEFT = 50;
    private static final int BOTTOM = 30;
    private static final int TOP = 14;

    private ErrorPage() {}

    static String html(Duration window, ErrorReport report) {
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>Vitrina: the error of the predictions</title>
                <style>
                :root { color-scheme: light dark; --ink: #1d2530; --faint: #6b7685; --line: #dfe4ea; --back: #f5f7f9;
                        --card: #fff; --accent: #0b7285; }
                @media (prefers-color-scheme: dark) { :root { --ink: #e6eaef; --faint: #95a1b0; --line: #2d3743;
                        --back: #12171d; --card: #1a2129; --accent: #3bc9db; } }
                body { margin: 0; background: var(--back); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
                main { max-width: 920px; margin: 0 auto; padding: 28px 20px; }
                h1 { font-size: 22px; margin: 0 0 4px; } h2 { font-size: 15px; margin: 0 0 8px; }
                p, nav { color: var(--faint); margin: 0 0 16px; } nav a { margin-right: 12px; color: var(--accent); }
                .figures { display: flex; flex-wrap: wrap; gap: 12px; margin-bottom: 12px; }
                .figures div, section { background: var(--card); border: 1px solid var(--line); border-radius: 10px;
                        padding: 14px 18px; } .figures div { flex: 1 1 150px; } section { margin-bottom: 12px; }
                .figures span { display: block; color: var(--faint); font-size: 13px; }
                .figures strong { font-size: 26px; font-variant-numeric: tabular-nums; }
                svg { width: 100%%; height: auto; display: block; } svg text { fill: var(--faint); font-size: 12px; }
                .grid { stroke: var(--line); } .curve { fill: none; stroke: var(--accent); stroke-width: 2; }
                .area { fill: var(--accent); opacity: .12; } .dot, .bar { fill: var(--accent); }
                table { border-collapse: collapse; width: 100%%; font-variant-numeric: tabular-nums; }
                th, td { text-align: right; padding: 4px 0; border-bottom: 1px solid var(--line); }
                th:first-child, td:first-child { text-align: left; }
                </style>
                </head>
                <body><main>
                <h1>The error of the predictions</h1>
                <p>Absolute error of pairs of truth and prediction, %s until now.</p>
                <nav><a href="?window=15m">15 minutes</a><a href="?window=1h">1 hour</a><a href="?window=1d">1 day</a><a
                href="?window=7d">7 days</a><a href="?window=30d">30 days</a></nav>
                <div class="figures">%s%s%s%s</div>
                <section><h2>Mean over time</h2>%s</section>
                <section><h2>Pairs by error</h2>%s</section>
                <section><h2>Versions of the model</h2>%s</section>
                </main></body></html>
                """
                .formatted(
                        words(window),
                        figure("last", report.last()),
                        figure("moving mean", report.movingMean()),
                        figure("mean", report.mean()),
                        "<div><span>pairs</span><strong>" + report.pairs() + "</strong></div>",
                        curve(window, report.until(), report.overTime()),
                        bars(report.histogram()),
                        versions(report.versions()));
    }

    private static String words(Duration window) {
        return window.compareTo(Duration.ofDays(2)) >= 0
                ? window.toDays() + " days"
                : window.compareTo(Duration.ofHours(2)) >= 0
                        ? window.toHours() + " hours"
                        : window.compareTo(Duration.ofMinutes(2)) >= 0
                                ? window.toMinutes() + " minutes"
                                : window.toSeconds() + " seconds";
    }

    private static String figure(String name, @Nullable Double value) {
        return "<div><span>" + name + "</span><strong>" + (value == null ? "–" : decimal(value)) + "</strong></div>";
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String svg(String label, String content) {
        return "<svg viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\" role=\"img\" aria-label=\"" + label + "\">" + content
                + "</svg>";
    }

    private static double x(double part) {
        return LEFT + part * (WIDTH - LEFT - 10);
    }

    private static double y(double part) {
        return HEIGHT - BOTTOM - part * (HEIGHT - BOTTOM - TOP);
    }

    private static String point(double x, double y) {
        return String.format(Locale.ROOT, "%.1f,%.1f", x, y);
    }

    private static String text(double x, double y, String anchor, String text) {
        return String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, text);
    }

    private static String grid(double highest) {
        var lines = new StringBuilder();
        for (int i = 0; i <= 4; i++) {
            double height = y(i / 4.0);
            lines.append(String.format(
                    Locale.ROOT,
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
                    LEFT,
                    WIDTH - 10,
                    height,
                    height));
            lines.append(
                    text(LEFT - 8, height + 4, "end", decimal(highest * i / 4).replaceFirst("\\.?0+$", "")));
        }
        return lines.toString();
    }

    /** A number with one digit that is not below the value, so that the lines of the grid have short names. */
    private static double round(double value) {
        if (value <= 0) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        return Math.ceil(value / power) * power;
    }

    private static String curve(Duration window, @Nullable Instant end, List<ErrorReport.Point> points) {
        if (end == null || points.isEmpty()) {
            return NOTHING;
        }
        double highest =
                round(points.stream().mapToDouble(ErrorReport.Point::mean).max().orElse(1));
        var path = new StringBuilder();
        var dots = new StringBuilder();
        double first = 0;
        double last = 0;
        for (ErrorReport.Point point : points) {
            double ago = (double) Duration.between(point.at(), end).toMillis() / window.toMillis();
            last = x(1 - ago);
            first = path.isEmpty() ? last : first;
            double height = y(point.mean() / highest);
            path.append(path.isEmpty() ? "" : " ").append(point(last, height));
            dots.append(String.format(
                    Locale.ROOT,
                    "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"><title>%s: %s (%d pairs)</title></circle>",
                    last,
                    height,
                    point.at().truncatedTo(ChronoUnit.SECONDS),
                    decimal(point.mean()),
                    point.pairs()));
        }
        return svg(
                "mean absolute error over time",
                grid(highest)
                        + "<polygon class=\"area\" points=\"" + point(first, y(0)) + " " + path + " "
                        + point(last, y(0)) + "\"/><polyline class=\"curve\" points=\"" + path + "\"/>" + dots
                        + text(x(0), HEIGHT - 8, "start", words(window) + " ago")
                        + text(x(1), HEIGHT - 8, "end", "now"));
    }

    private static String bars(List<ErrorReport.Bin> bins) {
        if (bins.stream().allMatch(bin -> bin.pairs() == 0)) {
            return NOTHING;
        }
        double highest =
                round(bins.stream().mapToDouble(ErrorReport.Bin::pairs).max().orElse(1));
        var content = new StringBuilder(grid(highest));
        for (int i = 0; i < bins.size(); i++) {
            ErrorReport.Bin bin = bins.get(i);
            double left = x((double) i / bins.size()) + 6;
            double right = x((i + 1.0) / bins.size()) - 6;
            double height = y(bin.pairs() / highest);
            content.append(String.format(
                    Locale.ROOT,
                    "<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\"><title>%d"
                            + " pairs</title></rect>",
                    left,
                    height,
                    right - left,
                    y(0) - height,
                    bin.pairs()));
            String name = bin.to() == null
                    ? "from " + Math.round(bin.from())
                    : Math.round(bin.from()) + "–" + Math.round(bin.to());
            content.append(text((left + right) / 2, HEIGHT - 8, "middle", name));
        }
        return svg("pairs by absolute error", content.toString());
    }

    private static String versions(List<ErrorReport.Version> versions) {
        if (versions.isEmpty()) {
            return NOTHING;
        }
        var rows = new StringBuilder("<table><tr><th>version</th><th>pairs</th><th>mean absolute error</th></tr>");
        for (ErrorReport.Version version : versions) {
            rows.append("<tr><td>")
                    .append(escaped(version.modelVersion().isEmpty() ? "not told" : version.modelVersion()))
                    .append("</td><td>")
                    .append(version.pairs())
                    .append("</td><td>")
                    .append(decimal(version.mean()))
                    .append("</td></tr>");
        }
        return rows.append("</table>").toString();
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
