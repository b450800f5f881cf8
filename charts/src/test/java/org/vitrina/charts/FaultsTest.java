package org.vitrina.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Faults on trial: off unless wanted, and then within reach of the one page that switches them. */
class FaultsTest {
    private static Map<String, String> environment(Manifests manifests, String service) {
        return Manifests.items(manifests.podOf(service).container(service).path("env"))
                .filter(entry -> entry.has("value"))
                .collect(Collectors.toMap(entry -> entry.path("name").asText(), entry -> entry.path("value")
                        .asText()));
    }

    private static List<String> headless(Manifests manifests) {
        return manifests.ofKind("Service").stream()
                .filter(service -> Manifests.name(service).endsWith("-pods"))
                .map(Manifests::name)
                .toList();
    }

    @Test
    void areOffUnlessTheyAreWanted() {
        Manifests manifests = Chart.ofVitrina().manifests();
        for (String service : Chart.SERVICES) {
            assertThat(environment(manifests, service)).doesNotContainKey("VITRINA_FAULTS_ENABLED");
        }
        assertThat(environment(manifests, "bff")).doesNotContainKey("VITRINA_BFF_OPS_SERVICES");
        assertThat(NetworkPoliciesTest.edges(manifests)).noneMatch(edge -> edge.endsWith(":9090"));
        assertThat(Chart.ofVitrina().notes()).doesNotContain("faults");
    }

    @Test
    void areTakenByEveryServiceAndSwitchedByThePageAlone() {
        Manifests manifests = Chart.ofCombination("faults").manifests();
        for (String service : Chart.SERVICES) {
            assertThat(environment(manifests, service)).containsEntry("VITRINA_FAULTS_ENABLED", "true");
        }
        assertThat(environment(manifests, "bff")
                        .getOrDefault("VITRINA_BFF_OPS_SERVICES", "")
                        .split(" "))
                .containsExactlyInAnyOrderElementsOf(Chart.SERVICES.stream()
                        .map(service -> service + "=http://vitrina-" + service + "-pods:9090")
                        .toList());
        var opened = new TreeSet<>(NetworkPoliciesTest.edges(manifests));
        opened.removeAll(NetworkPoliciesTest.edges(Chart.ofVitrina().manifests()));
        assertThat(opened)
                .containsExactlyInAnyOrderElementsOf(Chart.SERVICES.stream()
                        .map(service -> "bff>" + service + ":9090")
                        .toList());
        assertThat(headless(manifests)).hasSameSizeAs(Chart.SERVICES);
        assertThat(Chart.ofCombination("faults").notes()).contains("WARNING: faults can be switched on");
    }

    @Test
    void areNotSwitchedInWhatIsNoneOfThisRelease() {
        Manifests manifests = Chart.ofCombination("faults")
                .with("services.cart.url=http://basket.example.com", "services.favorites.enabled=false")
                .with("services.bff.calls[0]=products", "services.bff.calls[1]=cart")
                .manifests();
        assertThat(environment(manifests, "bff").getOrDefault("VITRINA_BFF_OPS_SERVICES", ""))
                .contains("products=")
                .doesNotContain("cart=", "favorites=");
        assertThat(headless(manifests)).doesNotContain("vitrina-cart-pods", "vitrina-favorites-pods");
    }

    @Test
    void pageFindsAllItsReplicas() {
        Manifests manifests = Chart.ofVitrina().manifests();
        assertThat(environment(manifests, "bff"))
                .containsEntry("VITRINA_BFF_OPS_REPLICAS", "http://vitrina-bff-pods:8080");
        assertThat(headless(manifests)).containsExactly("vitrina-bff-pods");
        JsonNode spec = manifests.one("Service", "vitrina-bff-pods").path("spec");
        assertThat(spec.path("clusterIP").asText()).isEqualTo("None");
        assertThat(CombinationsTest.contains(manifests.podOf("bff").metadata().path("labels"), spec.path("selector")))
                .isTrue();
        assertThat(NetworkPoliciesTest.edges(manifests)).contains("bff>bff:8080");
    }

    @Test
    void leavePrometheusOnePortAService() {
        Manifests manifests = Chart.ofCombination("service-monitor")
                .with("faults.enabled=true")
                .manifests();
        for (JsonNode monitor : manifests.ofKind("ServiceMonitor")) {
            assertThat(manifests.ofKind("Service"))
                    .filteredOn(service -> CombinationsTest.contains(
                            service.at("/metadata/labels"), monitor.at("/spec/selector/matchLabels")))
                    .hasSize(1);
        }
        assertThat(Arrays.asList("cart", "bff")).allSatisfy(name -> assertThat(
                        manifests.one("NetworkPolicy", "vitrina-" + name).toString())
                .contains("monitoring"));
    }
}
