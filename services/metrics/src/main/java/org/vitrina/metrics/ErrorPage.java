package org.vitrina.metrics;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The absolute error as a page with two plots: what {@code templates/ErrorPage/page.html} shows, worked out and written as
 * it is to be read. No script, nothing from elsewhere.
 *
 * @param curve null where there are no pairs
 * @param bars null where there are no pairs
 */
public record ErrorPage(
        String window, List<Figure> figures, @Nullable Curve curve, @Nullable Bars bars, List<Version> versions) {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 240;
    private static final int LEFT = 50;
    private static final int BOTTOM = 30;
    private static final int TOP = 14;

    public record Figure(String name, String value) {}

    /** A line of the grid. */
    public record Line(String y, String textY, String name) {}

    public record Dot(String x, String y, String at, String mean, long pairs) {}

    /**
     * The mean over time.
     *
     * @param area points of what is below the curve
     * @param path points of the curve
     */
    public record Curve(List<Line> grid, String area, String path, List<Dot> dots) {}

    public record Bar(String left, String top, String width, String height, String middle, String name, long pairs) {}

    /** Pairs by error. */
    public record Bars(List<Line> grid, List<Bar> bars) {}

    public record Version(String name, long pairs, String mean) {}

    @CheckedTemplate
    static final class Templates {
        private Templates() {}

        static native TemplateInstance page(ErrorPage page);
    }

    static String html(Duration window, ErrorReport report) {
        List<Figure> figures = List.of(
                figure("last", report.last()),
                figure("moving mean", report.movingMean()),
                figure("mean", report.mean()),
                new Figure("pairs", String.valueOf(report.pairs())));
        List<Version> versions = report.versions().stream()
                .map(each -> new Version(
                        each.modelVersion().isEmpty() ? "not told" : each.modelVersion(),
                        each.pairs(),
                        decimal(each.mean())))
                .toList();
        Curve curve = curve(window, report.until(), report.overTime());
        return Templates.page(new ErrorPage(words(window), figures, curve, bars(report.histogram()), versions))
                .render();
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

    private static Figure figure(String name, @Nullable Double value) {
        return new Figure(name, value == null ? "–" : decimal(value));
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** A place in a plot, or a length. */
    private static String place(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static double x(double part) {
        return LEFT + part * (WIDTH - LEFT - 10);
    }

    private static double y(double part) {
        return HEIGHT - BOTTOM - part * (HEIGHT - BOTTOM - TOP);
    }

    private static List<Line> grid(double highest) {
        return IntStream.rangeClosed(0, 4)
                .mapToObj(i -> new Line(
                        place(y(i / 4.0)),
                        place(y(i / 4.0) + 4),
                        decimal(highest * i / 4).replaceFirst("\\.?0+$", "")))
                .toList();
    }

    /** A number with one digit that is not below the value, so that the lines of the grid have short names. */
    private static double round(double value) {
        if (value <= 0) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        return Math.ceil(value / power) * power;
    }

    private static @Nullable Curve curve(Duration window, @Nullable Instant end, List<ErrorReport.Point> points) {
        if (end == null || points.isEmpty()) {
            return null;
        }
        double highest =
                round(points.stream().mapToDouble(ErrorReport.Point::mean).max().orElse(1));
        List<Dot> dots = new ArrayList<>();
        for (ErrorReport.Point point : points) {
            double ago = (double) Duration.between(point.at(), end).toMillis() / window.toMillis();
            String at = point.at().truncatedTo(ChronoUnit.SECONDS).toString();
            String height = place(y(point.mean() / highest));
            dots.add(new Dot(place(x(1 - ago)), height, at, decimal(point.mean()), point.pairs()));
        }
        String path = dots.stream().map(dot -> dot.x() + "," + dot.y()).collect(Collectors.joining(" "));
        String floor = place(y(0));
        String area = dots.getFirst().x() + "," + floor + " " + path + " "
                + dots.getLast().x() + "," + floor;
        return new Curve(grid(highest), area, path, dots);
    }

    private static @Nullable Bars bars(List<ErrorReport.Bin> bins) {
        if (bins.stream().allMatch(bin -> bin.pairs() == 0)) {
            return null;
        }
        double highest =
                round(bins.stream().mapToDouble(ErrorReport.Bin::pairs).max().orElse(1));
        List<Bar> bars = new ArrayList<>();
        for (int i = 0; i < bins.size(); i++) {
            ErrorReport.Bin bin = bins.get(i);
            double left = x((double) i / bins.size()) + 6;
            double right = x((i + 1.0) / bins.size()) - 6;
            double top = y(bin.pairs() / highest);
            String name = bin.to() == null
                    ? "from " + Math.round(bin.from())
                    : Math.round(bin.from()) + "–" + Math.round(bin.to());
            bars.add(new Bar(
                    place(left),
                    place(top),
                    place(right - left),
                    place(y(0) - top),
                    place((left + right) / 2),
                    name,
                    bin.pairs()));
        }
        return new Bars(grid(highest), bars);
    }
}
