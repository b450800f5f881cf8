package org.vitrina.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An install with any combination can be upgraded to any other: what the API refuses to change stays as it is. */
class UpgradeTest {
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

    private static Map<String, JsonNode> fixed(Chart chart) {
        Map<String, JsonNode> fixed = new TreeMap<>();
        for (JsonNode manifest : chart.manifests().all()) {
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
