package org.vitrina.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Traces: off unless a collector is named, and then every service may reach it, and nothing more. */
class TracesTest {
    private static Optional<String> variable(Manifests manifests, String service, String name) {
        return Manifests.items(manifests.podOf(service).container(service).path("env"))
                .filter(entry -> entry.path("name").asText().equals(name))
                .map(entry -> entry.path("value").asText())
                .findFirst();
    }

    private static JsonNode egress(Manifests manifests, String service) {
        return manifests.one("NetworkPolicy", "vitrina-" + service).at("/spec/egress");
    }

    @Test
    void areOffUnlessACollectorIsNamed() {
        Manifests manifests = Chart.ofVitrina().manifests();
        for (String service : Chart.SERVICES) {
            assertThat(variable(manifests, service, "VITRINA_TRACES_URL")).isEmpty();
        }
    }

    @Test
    void goFromEveryServiceToTheCollector() {
        Manifests manifests = Chart.ofVitrina()
                .with("traces.url=http://otel-collector.monitoring:4318", "traces.share=0.25")
                .manifests();
        for (String service : Chart.SERVICES) {
            assertThat(variable(manifests, service, "VITRINA_TRACES_URL"))
                    .as(service)
                    .contains("http://otel-collector.monitoring:4318");
            assertThat(variable(manifests, service, "VITRINA_TRACES_SHARE")).contains("0.25");
            assertThat(egress(manifests, service).toString())
                    .as(service)
                    .contains("{\"port\":4318,\"protocol\":\"TCP\"}");
        }
    }

    @Test
    void goWhereTheirAddressLeadsWhereThatIsSaid() {
        Manifests manifests = Chart.ofVitrina()
                .with("traces.url=http://otel-collector", "traces.to[0].podSelector.matchLabels.app=otel")
                .manifests();
        assertThat(egress(manifests, "cart").toString())
                .contains("{\"app\":\"otel\"}")
                .doesNotContain("4318");
    }

    @Test
    void refuseWhatIsNoAddressOfACollector() {
        for (String url : new String[] {"otel:4318", "http://otel:4318/v1/traces"}) {
            assertThatThrownBy(() -> Chart.ofVitrina().with("traces.url=" + url).manifests())
                    .as(url)
                    .hasMessageContaining("traces");
        }
    }
}
