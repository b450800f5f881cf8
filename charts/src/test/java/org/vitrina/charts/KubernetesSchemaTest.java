package org.vitrina.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class KubernetesSchemaTest {
    private final JsonNode deployment =
            Chart.ofVitrina().manifests().one("Deployment", "vitrina-bff").deepCopy();

    private ObjectNode at(String path) {
        return (ObjectNode) deployment.at(path);
    }

    @Test
    void takesWhatFits() {
        assertThat(KubernetesSchema.violations(deployment)).isEmpty();
    }

    @Test
    void refusesAnUnknownField() {
        at("/spec/template/spec/containers/0").put("imagePolicy", "Always");
        assertThat(KubernetesSchema.violations(deployment))
                .singleElement()
                .asString()
                .contains("imagePolicy");
    }

    @Test
    void refusesANumberForAnEnvironmentVariable() {
        at("/spec/template/spec/containers/0/env/0").put("value", 8080);
        assertThat(KubernetesSchema.violations(deployment))
                .containsExactly("/spec/template/spec/containers/0/env/0/value is 8080, which is taken as \"8080\"");
    }

    @Test
    void refusesTextForANumber() {
        at("/spec").put("replicas", "two");
        assertThat(KubernetesSchema.violations(deployment)).isNotEmpty();
    }

    @Test
    void refusesAnObjectThatLacksARequiredField() {
        at("/spec").remove("selector");
        assertThat(KubernetesSchema.violations(deployment))
                .singleElement()
                .asString()
                .contains("selector");
    }

    @Test
    void refusesAnUnknownType() {
        ((ObjectNode) deployment).put("apiVersion", "apps/v2");
        assertThat(KubernetesSchema.violations(deployment))
                .isEqualTo(List.of("apps/v2/Deployment is not a type that this test knows"));
    }
}
