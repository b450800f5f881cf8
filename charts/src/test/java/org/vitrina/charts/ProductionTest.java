package org.vitrina.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** The values for production, {@code values-production.yaml}. */
class ProductionTest {
    private static final Chart PRODUCTION = Chart.ofVitrina().with(Chart.FOLDER.resolve("values-production.yaml"));

    private final Manifests manifests = PRODUCTION.manifests();

    @Test
    void haveNothingThatKeepsStateInOnePod() {
        assertThat(manifests.ofKind("StatefulSet")).isEmpty();
        assertThat(manifests.ofKind("PersistentVolumeClaim")).isEmpty();
        assertThat(manifests.ofKind("Secret")).isEmpty();
    }

    @Test
    void haveNoStandInAndNoDataOfADemonstration() {
        assertThat(PRODUCTION.notes()).doesNotContain("stand-in", "not for production");
        assertThat(manifests.ids()).doesNotContain("Deployment/vitrina-sms-gateway", "Deployment/vitrina-features");
        assertThat(manifests.ofKind("Job")).isNotEmpty().noneSatisfy(job -> assertThat(job.toString())
                .contains("demo"));
    }

    @Test
    void haveTwoPodsOfEveryServiceAtLeast() {
        assertThat(manifests.ofKind("Deployment")).isNotEmpty().allSatisfy(deployment -> {
            JsonNode replicas = deployment.at("/spec/replicas");
            assertThat(replicas.asInt(2)).as(Manifests.id(deployment)).isGreaterThanOrEqualTo(2);
        });
        assertThat(manifests.ofKind("HorizontalPodAutoscaler"))
                .allSatisfy(scaler ->
                        assertThat(scaler.at("/spec/minReplicas").asInt()).isGreaterThanOrEqualTo(2));
    }

    @Test
    void boundWhatEachContainerTakesOfTheNode() {
        assertThat(manifests.ofKind("Deployment")).allSatisfy(deployment -> assertThat(deployment
                        .at("/spec/template/spec/containers/0/resources/limits/ephemeral-storage")
                        .asText())
                .as(Manifests.id(deployment))
                .isNotEmpty());
    }
}
