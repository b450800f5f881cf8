package org.vitrina.charts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Grafana's dashboards out of the one list of them. */
final class Dashboards {
    static final Path FOLDER = Chart.FOLDER.resolve("files/observability/dashboards");

    private static final Path SOURCE = Chart.FOLDER.resolve("files/observability/dashboards.yaml");
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    /** Grafana's grid has twenty-four columns. */
    private static final int WIDTH = 12;

    private static final int HEIGHT = 8;
    private static final String INTERVAL = "$__rate_interval";

    private Dashboards() {}

    /** Grafana's files, by the dashboards' names. */
    static Map<String, String> drawn() throws IOException {
        Map<String, String> files = new TreeMap<>();
        for (JsonNode dashboard : source()) {
            files.put(
                    dashboard.path("name").asText(),
                    JSON.writeValueAsString(drawn(dashboard)).replace("\r\n", "\n") + "\n");
        }
        return files;
    }

    /** Those of all dashboards, as they stand in the list. */
    static List<JsonNode> panels() throws IOException {
        List<JsonNode> panels = new ArrayList<>();
        source().forEach(dashboard -> dashboard.path("panels").forEach(panels::add));
        return panels;
    }

    /** Each query of each panel, as Prometheus reads it. */
    static List<String> queries() throws IOException {
        List<String> queries = new ArrayList<>();
        panels().forEach(panel -> panel.path("queries")
                .forEach(query -> queries.add(query.path("expr").asText().replace("$i", "5m"))));
        return queries;
    }

    private static JsonNode source() throws IOException {
        return Chart.YAML.readTree(SOURCE.toFile());
    }

    private static ObjectNode drawn(JsonNode dashboard) {
        ObjectNode drawn = JSON.createObjectNode();
        drawn.put("uid", "vitrina-" + dashboard.path("name").asText());
        drawn.put("title", dashboard.path("title").asText());
        drawn.putArray("tags").add("vitrina");
        drawn.put("schemaVersion", 39);
        drawn.put("editable", false);
        drawn.put("refresh", "30s");
        drawn.putObject("time").put("from", "now-1h").put("to", "now");
        ObjectNode datasource = drawn.putObject("templating").putArray("list").addObject();
        datasource.put("name", "datasource").put("type", "datasource").put("query", "prometheus");
        ArrayNode panels = drawn.putArray("panels");
        for (JsonNode panel : dashboard.path("panels")) {
            panel(panels, panel);
        }
        return drawn;
    }

    private static void panel(ArrayNode panels, JsonNode panel) {
        int index = panels.size();
        ObjectNode drawn = panels.addObject();
        drawn.put("id", index + 1);
        drawn.put("type", "timeseries");
        drawn.put("title", panel.path("title").asText());
        drawn.putObject("gridPos")
                .put("x", index % 2 * WIDTH)
                .put("y", index / 2 * HEIGHT)
                .put("w", WIDTH)
                .put("h", HEIGHT);
        datasource(drawn);
        drawn.putObject("fieldConfig")
                .putObject("defaults")
                .put("unit", panel.path("unit").asText())
                .put("min", 0);
        ArrayNode targets = drawn.putArray("targets");
        for (JsonNode query : panel.path("queries")) {
            ObjectNode target = targets.addObject();
            target.put("refId", Character.toString('A' + targets.size() - 1));
            datasource(target);
            target.put("expr", query.path("expr").asText().replace("$i", INTERVAL));
            target.put("legendFormat", query.path("name").asText());
        }
    }

    private static void datasource(ObjectNode of) {
        of.putObject("datasource").put("type", "prometheus").put("uid", "${datasource}");
    }
}
