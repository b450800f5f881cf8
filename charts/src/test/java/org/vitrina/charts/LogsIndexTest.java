package org.vitrina.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The index of the logs and what Kibana shows of it. EcsLines (module e2e) compares the template with every line of a run; no
 * Elasticsearch is started here.
 */
class LogsIndexTest {
    private static final Path FOLDER = Chart.ROOT.resolve("k8s/observability");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** As the Elastic Common Schema 8.17 defines them, of all that we log. */
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("@timestamp", "date"),
            Map.entry("message", "match_only_text"),
            Map.entry("data_stream.type", "constant_keyword"),
            Map.entry("ecs.version", "keyword"),
            Map.entry("error.message", "match_only_text"),
            Map.entry("error.stack_trace", "wildcard"),
            Map.entry("error.type", "keyword"),
            Map.entry("event.sequence", "long"),
            Map.entry("host.hostname", "keyword"),
            Map.entry("host.name", "keyword"),
            Map.entry("http.request.id", "keyword"),
            Map.entry("log.level", "keyword"),
            Map.entry("log.logger", "keyword"),
            Map.entry("process.name", "keyword"),
            Map.entry("process.pid", "long"),
            Map.entry("process.thread.id", "long"),
            Map.entry("process.thread.name", "keyword"),
            Map.entry("service.environment", "keyword"),
            Map.entry("service.name", "keyword"),
            Map.entry("service.version", "keyword"),
            Map.entry("trace.id", "keyword"));

    private static JsonNode template() throws IOException {
        return JSON.readTree(FOLDER.resolve("logs.template.json").toFile());
    }

    private static Map<String, String> fields() throws IOException {
        Map<String, String> fields = new TreeMap<>();
        add(template().at("/template/mappings/properties"), "", fields);
        return fields;
    }

    private static void add(JsonNode properties, String prefix, Map<String, String> fields) {
        properties.properties().forEach(field -> {
            JsonNode of = field.getValue();
            assertThat(of.properties().stream().map(Map.Entry::getKey))
                    .as(prefix + field.getKey())
                    .isSubsetOf(Set.of("type", "properties"));
            if (of.has("type")) {
                fields.put(prefix + field.getKey(), of.path("type").asText());
            }
            add(of.path("properties"), prefix + field.getKey() + ".", fields);
        });
    }

    @Test
    void everyFieldHasTheTypeOfTheSchemaAndNothingElseMakesOne() throws IOException {
        assertThat(fields()).containsExactlyInAnyOrderEntriesOf(TYPES);
        assertThat(template().at("/template/mappings/dynamic").asBoolean(true)).isFalse();
    }

    @Test
    void filebeatWritesWhereTheTemplateIsAndKibanaLooksThere() throws IOException {
        JsonNode filebeat = Chart.YAML.readTree(FOLDER.resolve("filebeat.yaml").toFile());
        String index = filebeat.at("/output.elasticsearch/index").asText();
        String pattern = template().path("index_patterns").path(0).asText();
        assertThat(pattern).isEqualTo(index + "*");
        assertThat(template().has("data_stream")).isTrue();

        Set<String> searched = new TreeSet<>();
        for (String line : Files.readAllLines(FOLDER.resolve("kibana.ndjson"))) {
            JsonNode saved = JSON.readTree(line);
            if (saved.path("type").asText().equals("index-pattern")) {
                assertThat(saved.at("/attributes/title").asText()).isEqualTo(pattern);
            } else {
                assertThat(saved.path("type").asText()).isEqualTo("search");
                assertThat(saved.at("/references/0/id").asText()).isEqualTo("vitrina-logs");
                saved.at("/attributes/columns").forEach(column -> searched.add(column.asText()));
                JsonNode source = JSON.readTree(saved.at("/attributes/kibanaSavedObjectMeta/searchSourceJSON")
                        .asText());
                searched.add(source.at("/query/query").asText().replaceFirst(":.*", ""));
            }
        }
        assertThat(searched).hasSizeGreaterThan(4);
        assertThat(fields().keySet()).containsAll(searched);
    }
}
