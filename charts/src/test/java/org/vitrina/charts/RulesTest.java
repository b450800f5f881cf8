package org.vitrina.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objectives, alerts and dashboards as Prometheus' own checker judges them, and what each alert must have. */
class RulesTest {
    private static final Path RULES = Chart.FOLDER.resolve("files/observability/rules.yaml");
    private static final Path TESTS = Chart.ROOT.resolve("k8s/observability/rules.test.yaml");
    private static final Path RUNBOOK = Chart.ROOT.resolve("docs/operations.md");
    private static final Path PROOF = Chart.ROOT.resolve("docs/alerts-proof.md");
    private static final Path PROMTOOL = Path.of("/usr/bin/promtool");
    private static final Path AMTOOL = Path.of("/usr/bin/amtool");

    @TempDir
    Path folder;

    @Test
    void everyAlertHasARunbookASeverityAndATest() throws IOException {
        String runbook = Files.readString(RUNBOOK);
        String tests = Files.readString(TESTS);
        List<JsonNode> alerts = alerts();
        assertThat(alerts).hasSizeGreaterThan(10);
        for (JsonNode alert : alerts) {
            String name = alert.path("alert").asText();
            assertThat(runbook).as(name).contains("\n### " + name + "\n");
            assertThat(alert.at("/annotations/runbook").asText())
                    .isEqualTo("docs/operations.md#" + name.toLowerCase(java.util.Locale.ROOT));
            assertThat(alert.at("/labels/severity").asText()).isIn("critical", "warning");
            assertThat(tests).as("%s fires in a test", name).contains("alertname: " + name + "\n");
        }
    }

    /** How it was tried by a fault is in a page that ObservabilityIT writes. */
    @Test
    void everyRunbookSaysWhatItMeansWhereToLookHowToMendAndHowItWasTried() throws IOException {
        Map<String, String> sections = Pattern.compile("(?ms)^### (Vitrina\\w+)\n(.*?)(?=^##)")
                .matcher(Files.readString(RUNBOOK))
                .results()
                .collect(Collectors.toMap(section -> section.group(1), section -> section.group(2)));
        String proof = Files.readString(PROOF);
        assertThat(sections.keySet())
                .containsExactlyInAnyOrderElementsOf(alerts().stream()
                        .map(alert -> alert.path("alert").asText())
                        .toList());
        sections.forEach((alert, text) -> {
            for (String part : List.of("Means: ", "Look", "Mend: ", "Tried by: ")) {
                assertThat(text).as(alert).contains("- " + part);
            }
            assertThat(proof).as("%s was driven", alert).contains("| [" + alert + "](");
        });
    }

    @Test
    void everyPanelNamesTheFaultThatMovedItOrWhyNoneCan() throws IOException {
        String proof = Files.readString(PROOF);
        for (JsonNode panel : Dashboards.panels()) {
            String title = panel.path("title").asText();
            if (panel.has("still")) {
                assertThat(panel.path("still").asText()).as(title).isNotBlank();
                continue;
            }
            String line = panel.at("/moves/line").asText();
            String fault = panel.at("/moves/by").asText();
            assertThat(line).as(title).isNotEmpty();
            assertThat(panel.at("/moves/goes").asText()).as(title).isIn("up", "down");
            assertThat(proof).as(title).contains("| " + title + " | " + line + " | `" + fault + "` |");
        }
    }

    @Test
    void everyAlertFiresWhenItMustAndOnlyThen() throws Exception {
        available(PROMTOOL);
        checked(PROMTOOL, "test", "rules", TESTS.toString());
    }

    @Test
    void configurationsAreWhatTheirProgramsRead() throws Exception {
        available(PROMTOOL);
        checked(PROMTOOL, "check", "config", "--syntax-only", observability("prometheus.yaml"));
        checked(PROMTOOL, "check", "config", "--syntax-only", observability("prometheus.compose.yaml"));
        available(AMTOOL);
        checked(AMTOOL, "check-config", observability("alertmanager.yaml"));
    }

    @Test
    void prometheusReadsEveryQueryOfEveryPanel() throws Exception {
        available(PROMTOOL);
        List<String> queries = Dashboards.queries();
        assertThat(queries).hasSizeGreaterThan(30);
        ObjectNode file = Chart.YAML.createObjectNode();
        ObjectNode group = file.putArray("groups").addObject().put("name", "panels");
        var rules = group.putArray("rules");
        for (int i = 0; i < queries.size(); i++) {
            rules.addObject().put("record", "panel:" + i).put("expr", queries.get(i));
        }
        Path written = folder.resolve("panels.yaml");
        Chart.YAML.writeValue(written.toFile(), file);
        checked(PROMTOOL, "check", "rules", written.toString());
    }

    @Test
    void aClusterGetsThemByOneSwitch() throws IOException {
        assertThat(Chart.ofVitrina().manifests().ofKind("PrometheusRule")).isEmpty();

        Manifests manifests = Chart.ofCombination("observability").manifests();

        JsonNode rules = manifests.one("PrometheusRule", "vitrina");
        assertThat(rules.path("spec")).isEqualTo(Chart.YAML.readTree(RULES.toFile()));
        assertThat(rules.at("/metadata/labels/release").asText()).isEqualTo("prometheus");
        assertThat(manifests.ofKind("ServiceMonitor")).hasSameSizeAs(Chart.SERVICES);
        for (Map.Entry<String, String> dashboard : Dashboards.drawn().entrySet()) {
            JsonNode map = manifests.one("ConfigMap", "vitrina-dashboard-" + dashboard.getKey());
            assertThat(map.at("/metadata/labels/grafana_dashboard").asText()).isEqualTo("1");
            assertThat(map.path("data")
                            .path("vitrina-" + dashboard.getKey() + ".json")
                            .asText()
                            .strip())
                    .isEqualTo(dashboard.getValue().strip());
        }
    }

    private static List<JsonNode> alerts() throws IOException {
        return Manifests.items(Chart.YAML.readTree(RULES.toFile()).path("groups"))
                .flatMap(group -> Manifests.items(group.path("rules")))
                .filter(rule -> rule.has("alert"))
                .toList();
    }

    private static String observability(String file) {
        return Chart.ROOT.resolve("k8s/observability").resolve(file).toString();
    }

    private static void available(Path program) {
        assumeThat(Files.isExecutable(program))
                .as("%s is not here: apt-get install prometheus prometheus-alertmanager", program)
                .isTrue();
    }

    private static void checked(Path program, String... arguments) throws Exception {
        Process process = new ProcessBuilder(Stream.concat(Stream.of(program.toString()), Stream.of(arguments))
                        .toList())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
