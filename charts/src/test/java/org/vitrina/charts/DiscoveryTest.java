package org.vitrina.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The registry of replicas: not there unless it is wanted, and then for those alone who call it. */
class DiscoveryTest {
    private static JsonNode variable(Manifests manifests, String service, String name) {
        return Manifests.items(manifests.podOf(service).container(service).path("env"))
                .filter(entry -> entry.path("name").asText().equals(name))
                .reduce((first, second) -> {
                    throw new AssertionError(name + " stands twice");
                })
                .orElseThrow();
    }

    @Test
    void isNotThereUnlessItIsWanted() {
        Manifests manifests = Chart.ofVitrina().manifests();
        assertThat(manifests.ofKind("Deployment"))
                .noneMatch(each -> Manifests.name(each).endsWith("-registry"));
        assertThat(NetworkPoliciesTest.edges(manifests)).noneMatch(edge -> edge.contains("registry"));
    }

    @Test
    void podsRegisterTheirOwnAddressAndCallersFindThem() {
        Manifests manifests = Chart.ofCombination("discovery").manifests();
        assertThat(variable(manifests, "bff", "VITRINA_BFF_CART_URL")
                        .path("value")
                        .asText())
                .isEqualTo("stork://cart");
        for (String service : List.of("bff", "cart")) {
            assertThat(variable(
                                    manifests,
                                    service,
                                    "VITRINA_" + service.toUpperCase(java.util.Locale.ROOT) + "_REGISTRY_URL")
                            .path("value")
                            .asText())
                    .isEqualTo("http://vitrina-registry");
        }
        assertThat(variable(manifests, "cart", "VITRINA_DISCOVERY_ADDRESS")
                        .at("/valueFrom/fieldRef/fieldPath")
                        .asText())
                .isEqualTo("status.podIP");
        var opened = new TreeSet<>(NetworkPoliciesTest.edges(manifests));
        opened.removeAll(NetworkPoliciesTest.edges(Chart.ofVitrina().manifests()));
        assertThat(opened).containsExactlyInAnyOrder("bff>registry:8080", "cart>registry:8080");
    }
}
