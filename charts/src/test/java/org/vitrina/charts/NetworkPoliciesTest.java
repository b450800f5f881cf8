package org.vitrina.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may reach whom by the rendered policies: an edge is there when both ends allow it. */
class NetworkPoliciesTest {
    private static final int HTTP = 8080;
    private static final int MANAGEMENT = 9090;
    private static final int POSTGRES = 5432;
    private static final int RABBITMQ = 5672;

    static Stream<Path> combinations() {
        return Chart.combinations().filter(path -> !path.toString().contains("open-network"));
    }

    @Test
    void opensExactlyWhatIsCalled() {
        assertThat(edges(Chart.ofVitrina().manifests()))
                .containsExactlyInAnyOrder(
                        "bff>products:8080",
                        "bff>inventory:8080",
                        "bff>favorites:8080",
                        "bff>cart:8080",
                        "bff>orders:8080",
                        "bff>wallet:8080",
                        "bff>notifications:8080",
                        "bff>predictions:8080",
                        "bff>bff:8080",
                        "orders>products:8080",
                        "orders>wallet:8080",
                        "orders>inventory:8080",
                        "orders>notifications:8080",
                        "notifications>sms-gateway:8080",
                        "test>bff:8080",
                        "products>postgres:5432",
                        "inventory>postgres:5432",
                        "favorites>postgres:5432",
                        "cart>postgres:5432",
                        "orders>postgres:5432",
                        "wallet>postgres:5432",
                        "notifications>postgres:5432",
                        "predictions>postgres:5432",
                        "metrics>postgres:5432",
                        "orders>rabbitmq:5672",
                        "notifications>rabbitmq:5672",
                        "products>rabbitmq:5672",
                        "predictions>rabbitmq:5672",
                        "features>rabbitmq:5672",
                        "model>rabbitmq:5672",
                        "metrics>rabbitmq:5672",
                        "migrations>postgres:5432");
    }

    @Test
    void opensWhatAServiceOfOnesOwnCalls() {
        assertThat(edges(Chart.ofCombination("own-service").manifests()))
                .contains(
                        "bff>reviews:3000",
                        "reviews>products:8080",
                        "reviews>postgres:5432",
                        "reviews>rabbitmq:5672",
                        "test>reviews:3000")
                .doesNotContain("reviews>cart:8080", "cart>reviews:3000", "cart>rabbitmq:5672")
                .noneMatch(edge -> edge.startsWith("rabbitmq>") || edge.matches(".*>rabbitmq:[12]5672"));
    }

    @Test
    void opensToTheRetrainingWhatItLearnsFrom() {
        assertThat(edges(Chart.ofCombination("retraining").manifests()))
                .filteredOn(edge -> edge.contains("retraining"))
                .containsExactlyInAnyOrder("retraining>metrics:8080", "retraining>predictions:8080");
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void closesEveryPodThatNothingElseOpens(Path combination) {
        JsonNode closed = Chart.of(combination).manifests().ofKind("NetworkPolicy").stream()
                .filter(policy -> Manifests.name(policy).endsWith("-closed"))
                .findFirst()
                .orElseThrow()
                .path("spec");
        assertThat(Manifests.texts(closed.path("policyTypes"))).containsExactly("Ingress", "Egress");
        assertThat(closed.has("ingress") || closed.has("egress")).isFalse();
        assertThat(Chart.of(combination).manifests().pods())
                .allMatch(pod -> CombinationsTest.contains(
                        pod.metadata().path("labels"), closed.at("/podSelector/matchLabels")));
    }

    @Test
    void letsStrangersInOnlyWhereTheyAreNamed() {
        assertThat(peers(Chart.ofVitrina().manifests(), "ingress"))
                .allMatch(peer -> peer.properties().size() == 1 && peer.has("podSelector"));
        assertThat(peers(Chart.ofCombination("node-port").manifests(), "ingress"))
                .filteredOn(peer -> peer.has("ipBlock"))
                .hasSize(1);
    }

    @Test
    void letsPrometheusReachManagementOnly() {
        Manifests manifests = Chart.ofCombination("service-monitor").manifests();
        for (JsonNode policy : manifests.ofKind("NetworkPolicy")) {
            Manifests.items(policy.at("/spec/ingress"))
                    .filter(rule -> rule.toString().contains("monitoring"))
                    .forEach(rule -> assertThat(rule.path("ports").toString())
                            .isEqualTo("[{\"port\":" + MANAGEMENT + ",\"protocol\":\"TCP\"}]"));
        }
        assertThat(manifests.ofKind("ServiceMonitor"))
                .hasSameSizeAs(Chart.SERVICES)
                .allSatisfy(monitor -> assertThat(
                                monitor.at("/spec/endpoints/0/port").asText())
                        .isEqualTo("management"));
    }

    @Test
    void reachesAServiceElsewhereAtItsPort() {
        JsonNode egress = Chart.ofCombination("external-service")
                .manifests()
                .one("NetworkPolicy", "vitrina-bff")
                .at("/spec/egress");
        assertThat(Manifests.items(egress))
                .filteredOn(rule -> !rule.has("to"))
                .extracting(rule -> rule.at("/ports/0/port").asInt())
                .containsExactlyInAnyOrder(443, 8088);
    }

    @Test
    void reachesTheServicesOfDeclaredParts() {
        JsonNode egress = Chart.ofVitrina()
                .with(
                        "services.bff.parts.rating.url=http://ratings.shop.svc/ratings?product_ids={ids}",
                        "services.bff.parts.rating.key=product_id",
                        "services.bff.parts.rating.to[0].podSelector.matchLabels.app=ratings",
                        "services.bff.parts.points.url=https://points.example.com/{user}",
                        "services.bff.parts.tax.url=http://tax.example.com:8090?at=12:30&user={user}")
                .manifests()
                .one("NetworkPolicy", "vitrina-bff")
                .at("/spec/egress");
        assertThat(Manifests.items(egress))
                .filteredOn(rule -> !rule.has("to"))
                .extracting(rule -> rule.at("/ports/0/port").asInt())
                .containsExactlyInAnyOrder(443, 8090);
        assertThat(Manifests.items(egress).map(JsonNode::toString))
                .contains("{\"to\":[{\"podSelector\":{\"matchLabels\":{\"app\":\"ratings\"}}}]}");
    }

    @Test
    void reachesReleasesBesideTheUsualOnes() {
        JsonNode egress = Chart.ofCombination("experiment")
                .with("services.bff.variants.wallet/next.url=http://wallet.example.com:8090/base")
                .manifests()
                .one("NetworkPolicy", "vitrina-bff")
                .at("/spec/egress");
        assertThat(Manifests.items(egress))
                .filteredOn(rule -> !rule.has("to"))
                .extracting(rule -> rule.at("/ports/0/port").asInt())
                .containsExactly(8090);
        assertThat(Manifests.items(egress))
                .filteredOn(rule -> rule.toString().contains("\"app.kubernetes.io/instance\":\"next\""))
                .singleElement()
                .satisfies(rule -> assertThat(rule.has("ports")).isFalse());
    }

    @Test
    void reachesThePodsOfAServiceElsewhereInTheCluster() {
        JsonNode egress = Chart.ofVitrina()
                .with(
                        "services.cart.url=http://basket.other.svc",
                        "services.cart.networkPolicy.to[0].podSelector.matchLabels.app=basket")
                .manifests()
                .one("NetworkPolicy", "vitrina-bff")
                .at("/spec/egress");
        assertThat(Manifests.items(egress)).filteredOn(rule -> !rule.has("to")).isEmpty();
        assertThat(Manifests.items(egress))
                .filteredOn(rule -> rule.toString().contains("basket"))
                .singleElement()
                .satisfies(rule -> assertThat(rule.has("ports")).isFalse());
    }

    @Test
    void letsPrometheusFindAServiceOnTheNodesPorts() {
        Manifests manifests = Chart.ofCombination("service-monitor")
                .with("services.bff.service.type=NodePort")
                .manifests();
        assertThat(manifests.one("Service", "vitrina-bff").toString()).doesNotContain("management");
        JsonNode management = manifests.one("Service", "vitrina-bff-management");
        assertThat(management.at("/spec/type").asText()).isEqualTo("ClusterIP");
        assertThat(management.at("/spec/ports/0/name").asText()).isEqualTo("management");
        assertThat(CombinationsTest.contains(
                        management.at("/metadata/labels"),
                        manifests.one("ServiceMonitor", "vitrina-bff").at("/spec/selector/matchLabels")))
                .isTrue();
        assertThat(Chart.ofCombination("node-port").manifests().ofKind("Service"))
                .extracting(Manifests::name)
                .doesNotContain("vitrina-bff-management");
    }

    @Test
    void asksForNamesAtThePortOfThePodsThatKnowThem() {
        assertThat(Chart.ofVitrina()
                        .with("networkPolicy.dnsPorts[0]=5353")
                        .manifests()
                        .one("NetworkPolicy", "vitrina-cart")
                        .at("/spec/egress/0/ports")
                        .toString())
                .isEqualTo("[{\"port\":5353,\"protocol\":\"UDP\"},{\"port\":5353,\"protocol\":\"TCP\"}]");
    }

    @Test
    void asksNoNamesButTheClustersOwnDns() {
        assertThat(Chart.ofVitrina()
                        .manifests()
                        .one("NetworkPolicy", "vitrina-cart")
                        .at("/spec/egress/0/to/0/namespaceSelector/matchLabels/kubernetes.io~1metadata.name")
                        .asText())
                .isEqualTo("kube-system");
    }

    @Test
    void reachesOutsideNoFurtherThanIsSaid() {
        Chart elsewhere = Chart.ofCombination("sms-provider");
        Chart bounded = elsewhere.with("networkPolicy.outside[0].ipBlock.cidr=192.0.2.0/24");

        assertThat(egress(elsewhere)).contains("{\"ports\":[{\"port\":443,\"protocol\":\"TCP\"}]}");
        assertThat(egress(bounded))
                .contains("{\"ports\":[{\"port\":443,\"protocol\":\"TCP\"}],"
                        + "\"to\":[{\"ipBlock\":{\"cidr\":\"192.0.2.0/24\"}}]}");
    }

    private static String egress(Chart chart) {
        return chart.manifests()
                .one("NetworkPolicy", "vitrina-notifications")
                .at("/spec/egress")
                .toString();
    }

    @Test
    void reachesADatabaseElsewhere() {
        assertThat(Chart.ofCombination("external-postgres")
                        .manifests()
                        .one("NetworkPolicy", "vitrina-cart")
                        .at("/spec/egress")
                        .toString())
                .contains("databases")
                .contains("5432");
        assertThat(Chart.ofCombination("external-postgres-admin")
                        .manifests()
                        .one("NetworkPolicy", "vitrina-migrations")
                        .at("/spec/egress")
                        .toString())
                .contains("0.0.0.0/0")
                .contains("6432");
    }

    @Test
    void reachesABrokerElsewhere() {
        Manifests manifests = Chart.ofCombination("external-rabbitmq").manifests();
        assertThat(manifests
                        .one("NetworkPolicy", "vitrina-cart")
                        .at("/spec/egress")
                        .toString())
                .contains("brokers")
                .contains("5673");
        assertThat(manifests.ids()).noneMatch(id -> id.endsWith("-rabbitmq"));
    }

    @Test
    void opensNothingWhenTurnedOff() {
        assertThat(Chart.ofCombination("open-network").manifests().ofKind("NetworkPolicy"))
                .isEmpty();
    }

    /** The egress of one end and the ingress of the other both decide. */
    static Set<String> edges(Manifests manifests) {
        Set<String> edges = new TreeSet<>();
        for (Manifests.Pod from : manifests.pods()) {
            for (Manifests.Pod to : manifests.pods()) {
                for (int port : List.of(HTTP, MANAGEMENT, POSTGRES, RABBITMQ, 15672, 25672, 3000)) {
                    if (allows(manifests, from, to, port, "egress") && allows(manifests, to, from, port, "ingress")) {
                        edges.add(from.component() + ">" + to.component() + ":" + port);
                    }
                }
            }
        }
        return edges;
    }

    private static boolean allows(Manifests manifests, Manifests.Pod pod, Manifests.Pod other, int port, String way) {
        return manifests.ofKind("NetworkPolicy").stream()
                .filter(policy -> CombinationsTest.contains(
                        pod.metadata().path("labels"), policy.at("/spec/podSelector/matchLabels")))
                .flatMap(policy -> Manifests.items(policy.path("spec").path(way)))
                .filter(rule -> Manifests.items(rule.path("ports"))
                        .anyMatch(one -> one.path("port").asInt() == port))
                .flatMap(rule -> Manifests.items(rule.path(way.equals("egress") ? "to" : "from")))
                .anyMatch(peer -> !peer.has("namespaceSelector")
                        && CombinationsTest.contains(
                                other.metadata().path("labels"), peer.at("/podSelector/matchLabels")));
    }

    private static List<JsonNode> peers(Manifests manifests, String way) {
        return manifests.ofKind("NetworkPolicy").stream()
                .flatMap(policy -> Manifests.items(policy.path("spec").path(way)))
                .flatMap(rule -> Manifests.items(rule.path("from")))
                .toList();
    }
}
