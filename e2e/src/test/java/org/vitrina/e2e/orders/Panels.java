package org.vitrina.e2e.orders;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.yaml.snakeyaml.Yaml;

/** The panels of all dashboards, and whether the line that each names moves while the fault that it names lasts. */
final class Panels {
    private static final Path SOURCE = OrderStack.PROJECT.resolve("charts/vitrina/files/observability/dashboards.yaml");

    /** What the panels' rates are of: some scrapes of a second each. */
    private static final String INTERVAL = "6s";

    /** How long before its wave a panel is looked at, and how long after a fault its effect may still come. */
    private static final int BEFORE_SECONDS = 8;

    private static final int AFTER_SECONDS = 20;

    /** It has moved that is so many times what it was at most, or one of so many parts of what it was at least. */
    private static final double TIMES = 1.5;

    private static final Pattern LABEL = Pattern.compile("\\{\\{(\\w+)}}");

    private Panels() {}

    /**
     * One of a dashboard.
     *
     * @param fault by which it moves
     * @param line of its lines, by the words that it shows
     * @param rises or falls
     */
    record Panel(
            String dashboard,
            String title,
            Map<String, String> nameOfQuery,
            String fault,
            String line,
            boolean rises) {}

    /**
     * When a fault was there.
     *
     * @param wave when the first of those beside it was not there yet
     */
    record Span(Instant wave, Instant from, Instant to) {}

    /**
     * What a panel's line showed.
     *
     * @param before at most, of one that rises; at least, of one that falls; 0 where it was not there
     */
    record Move(Panel panel, double before, double during, boolean moved) {}

    /** All but those that say why no fault of this run can move them. */
    static List<Panel> all() throws IOException {
        List<Panel> panels = new ArrayList<>();
        JsonNode source = new ObjectMapper().valueToTree(new Yaml().<Object>load(Files.readString(SOURCE)));
        for (JsonNode dashboard : source) {
            for (JsonNode panel : dashboard.path("panels")) {
                if (panel.has("still")) {
                    continue;
                }
                Map<String, String> names = new LinkedHashMap<>();
                panel.path("queries")
                        .forEach(query -> names.put(
                                query.path("expr").asText().replace("$i", INTERVAL),
                                query.path("name").asText()));
                JsonNode moves = panel.path("moves");
                panels.add(new Panel(
                        dashboard.path("name").asText(),
                        panel.path("title").asText(),
                        names,
                        moves.path("by").asText(),
                        moves.path("line").asText(),
                        moves.path("goes").asText().equals("up")));
            }
        }
        return panels;
    }

    static List<Move> moves(Prometheus prometheus, Map<String, Span> faults) throws IOException {
        List<Move> moves = new ArrayList<>();
        for (Panel panel : all()) {
            moves.add(move(prometheus, panel, Objects.requireNonNull(faults.get(panel.fault()), panel::title)));
        }
        return moves;
    }

    private static Move move(Prometheus prometheus, Panel panel, Span span) {
        Instant from = span.wave().minusSeconds(BEFORE_SECONDS);
        Instant to = span.to().plusSeconds(AFTER_SECONDS);
        List<String> drawn = new ArrayList<>();
        for (Map.Entry<String, String> query : panel.nameOfQuery().entrySet()) {
            for (Prometheus.Line line : prometheus.lines(query.getKey(), from, to)) {
                String name = named(query.getValue(), line.labels());
                if (name.equals(panel.line())) {
                    double before = extreme(line.values(), from, span.wave(), panel.rises());
                    // what takes effect only when the fault ends may still come
                    double during = extreme(line.values(), span.from(), to, panel.rises());
                    boolean moved = panel.rises()
                            ? during > 0 && during >= before * TIMES
                            : before > 0 && during <= before / TIMES;
                    return new Move(panel, before, during, moved);
                }
                drawn.add(name);
            }
        }
        System.out.println(panel.title() + " has no " + panel.line() + ", but " + drawn);
        return new Move(panel, Double.NaN, Double.NaN, false);
    }

    private static String named(String template, Map<String, String> labels) {
        return LABEL.matcher(template).replaceAll(found -> labels.getOrDefault(found.group(1), ""));
    }

    /** A line that is not there is at nothing. */
    private static double extreme(NavigableMap<Long, Double> line, Instant from, Instant to, boolean highest) {
        var values = LongStream.rangeClosed(from.getEpochSecond(), to.getEpochSecond())
                .mapToDouble(at -> line.getOrDefault(at, 0.0));
        OptionalDouble found = highest ? values.max() : values.min();
        return found.orElse(0);
    }
}
