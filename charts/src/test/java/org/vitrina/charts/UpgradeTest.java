package org.vitrina.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An install with any combination can be upgraded to any other: what the API refuses to change stays as it is. */
class UpgradeTest {
    private static final Path BEFORE = Path.of("src/test/resources/chart-0.1.0.yaml");

    static Stream<Path> combinations() {
        return Chart.combinations();
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void leavesWhatCannotBeChanged(Path combination) {
        Map<String, JsonNode> before = fixed(Chart.ofVitrina().with("image.tag=v1", "fullnameOverride=shop"));
        Map<String, JsonNode> after = fixed(Chart.of(combination).with("image.tag=v2", "fullnameOverride=shop"));
        after.keySet().retainAll(before.keySet());
        assertThat(after)
                .hasSizeGreaterThanOrEqualTo(4)
                .allSatisfy((id, fields) -> assertThat(fields).as(id).isEqualTo(before.get(id)));
    }

    @Test
    void takesUpAnInstallOfTheChartBefore() throws IOException {
        Manifests before = Manifests.parse(Files.readString(BEFORE));
        Chart chart = Chart.ofVitrina().with(Chart.ROOT.resolve("k8s/values.yaml"));
        Map<String, JsonNode> now = fixed(chart);
        assertThat(fixed(before))
                .hasSize(6)
                .allSatisfy((id, fields) -> assertThat(now.get(id)).as(id).isEqualTo(fields));
        // or the upgrade would take the database away from services that are in use
        assertThat(chart.manifests().one("StatefulSet", "vitrina-postgres").path("spec"))
                .isEqualTo(before.one("StatefulSet", "vitrina-postgres").path("spec"));
    }

    /** {@code helm upgrade --reuse-values}: what is new since then is taken from this chart, what the user chose stays. */
    @Test
    void takesTheValuesOfTheChartBefore() throws IOException {
        Chart now = Chart.ofVitrina();
        Chart reused = Chart.ofVitrinaWithValues(Path.of("src/test/resources/values-0.3.0.yaml"))
                .with("services.cart.replicas=3", "networkPolicy.enabled=true");

        Manifests manifests = reused.manifests();
        assertThat(manifests.ids()).isEqualTo(now.manifests().ids());
        assertThat(manifests
                        .one("Deployment", "vitrina-cart")
                        .at("/spec/replicas")
                        .asInt())
                .isEqualTo(3);
        // whom a service calls is the release's, not the user's: 0.3.0 knew of no call from orders to notifications
        assertThat(manifests.podOf("orders").container("orders").path("env").toString())
                .contains("VITRINA_ORDERS_NOTIFICATIONS_URL");
        assertThat(reused.notes()).contains("vitrina-bff");
        assertThat(manifests.all()).allSatisfy(manifest -> assertThat(KubernetesSchema.violations(manifest))
                .isEmpty());
    }

    @Test
    void everyTemplateSeesTheFilledValues() throws IOException {
        try (Stream<Path> files = Files.walk(Chart.FOLDER.resolve("templates"))) {
            assertThat(files.filter(Files::isRegularFile)
                            .filter(file -> !file.getFileName().toString().endsWith(".tpl")))
                    .hasSizeGreaterThan(10)
                    .allSatisfy(file ->
                            assertThat(Files.readString(file)).startsWith("{{- include \"vitrina.values\" . -}}"));
        }
    }

    /** An older chart's values are known by it, in the schema too. */
    @Test
    void theValuesSayWhichChartTheyAreOf() throws IOException {
        String version = Chart.YAML
                .readTree(Files.readString(Chart.FOLDER.resolve("Chart.yaml")))
                .path("version")
                .asText();
        assertThat(Chart.YAML
                        .readTree(Files.readString(Chart.FOLDER.resolve("values.yaml")))
                        .path("valuesOf")
                        .asText())
                .isEqualTo(version);
        assertThat(Chart.YAML
                        .readTree(Files.readString(Chart.FOLDER.resolve("values.schema.json")))
                        .at("/allOf/0/if/properties/valuesOf/const")
                        .asText())
                .isEqualTo(version);
    }

    private static Map<String, JsonNode> fixed(Chart chart) {
        return fixed(chart.manifests());
    }

    private static Map<String, JsonNode> fixed(Manifests manifests) {
        Map<String, JsonNode> fixed = new TreeMap<>();
        for (JsonNode manifest : manifests.all()) {
            ObjectNode fields = Chart.YAML.createObjectNode();
            switch (Manifests.kind(manifest)) {
                case "Deployment" -> fields.set("selector", manifest.at("/spec/selector"));
                case "StatefulSet" -> {
                    fields.set("selector", manifest.at("/spec/selector"));
                    fields.set("serviceName", manifest.at("/spec/serviceName"));
                    // size and class are the user's, once
                    fields.set("claim", manifest.at("/spec/volumeClaimTemplates/0/metadata"));
                }
                case "Job" -> fields.set("template", manifest.at("/spec/template"));
                default -> {
                    continue;
                }
            }
            fixed.put(Manifests.id(manifest), fields);
        }
        return fixed;
    }
}
