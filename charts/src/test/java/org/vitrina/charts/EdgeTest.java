package org.vitrina.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The way in from outside the cluster. */
class EdgeTest {
    private static final String PROXIES = "edge.trustedProxies=10.0.0.0/8";

    @Test
    void isClosedUnlessAskedFor() {
        Manifests manifests = Chart.ofVitrina().manifests();

        assertThat(manifests.ofKind("Ingress")).isEmpty();
        assertThat(manifests.ofKind("HTTPRoute")).isEmpty();
        assertThat(environment(manifests, "bff").findValuesAsText("name"))
                .doesNotContain("VITRINA_WEB_KEY_HEADERS", "VITRINA_HTTP_TRUSTED_PROXIES");
    }

    @Test
    void anIngressLeadsToTheShopByNamePathAndCertificate() {
        JsonNode ingress = Chart.ofCombination("ingress").manifests().one("Ingress", "vitrina-bff");

        assertThat(ingress.at("/spec/ingressClassName").asText()).isEqualTo("nginx");
        assertThat(ingress.at("/spec/tls/0/secretName").asText()).isEqualTo("shop-tls");
        assertThat(ingress.at("/spec/tls/0/hosts/0").asText()).isEqualTo("shop.example.com");
        JsonNode rule = ingress.at("/spec/rules/0");
        assertThat(rule.path("host").asText()).isEqualTo("shop.example.com");
        JsonNode path = rule.at("/http/paths/0");
        assertThat(path.path("path").asText()).isEqualTo("/shop(/|$)(.*)");
        assertThat(path.at("/backend/service/name").asText()).isEqualTo("vitrina-bff");
        assertThat(path.at("/backend/service/port/name").asText()).isEqualTo("http");
        assertThat(ingress.at("/metadata/annotations/nginx.ingress.kubernetes.io~1x-forwarded-prefix")
                        .asText())
                .isEqualTo("/shop");
    }

    @Test
    void aRouteTakesThePrefixAwayAndSaysIt() {
        JsonNode route = Chart.ofCombination("gateway")
                .with("edge.path=/shop", PROXIES)
                .manifests()
                .one("HTTPRoute", "vitrina-bff");

        assertThat(route.at("/spec/parentRefs/0/name").asText()).isEqualTo("public");
        assertThat(Manifests.texts(route.at("/spec/hostnames")))
                .containsExactly("shop.example.com", "www.shop.example.com");
        JsonNode rule = route.at("/spec/rules/0");
        assertThat(rule.at("/matches/0/path/value").asText()).isEqualTo("/shop");
        assertThat(rule.at("/filters/0/urlRewrite/path/replacePrefixMatch").asText())
                .isEqualTo("/");
        JsonNode set = rule.at("/filters/1/requestHeaderModifier/set/0");
        assertThat(set.path("name").asText()).isEqualTo("X-Forwarded-Prefix");
        assertThat(set.path("value").asText()).isEqualTo("/shop");
        assertThat(rule.at("/backendRefs/0/name").asText()).isEqualTo("vitrina-bff");
        assertThat(rule.at("/backendRefs/0/port").asInt()).isEqualTo(80);
    }

    @Test
    void aRouteWithoutAPrefixTakesAwayWhatACallerSaysOfOne() {
        JsonNode rule = Chart.ofCombination("gateway")
                .manifests()
                .one("HTTPRoute", "vitrina-bff")
                .at("/spec/rules/0");

        assertThat(rule.at("/matches/0/path/value").asText()).isEqualTo("/");
        assertThat(rule.path("filters")).hasSize(1);
        assertThat(rule.at("/filters/0/requestHeaderModifier/remove/0").asText())
                .isEqualTo("X-Forwarded-Prefix");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingress", "gateway"})
    void theServiceKnowsItsNamesAndTakesNoRequestIdForAKey(String combination) {
        Manifests manifests = Chart.ofCombination(combination).with(PROXIES).manifests();
        JsonNode environment = environment(manifests, "bff");

        assertThat(value(environment, "VITRINA_BFF_HOSTS")).contains(",localhost,shop.example.com");
        assertThat(value(environment, "VITRINA_WEB_KEY_HEADERS")).isEqualTo("Idempotency-Key");
        assertThat(value(environment, "VITRINA_HTTP_TRUSTED_PROXIES")).isEqualTo("10.0.0.0/8");
        assertThat(environment(manifests, "orders").findValuesAsText("name"))
                .doesNotContain("VITRINA_WEB_KEY_HEADERS", "VITRINA_HTTP_TRUSTED_PROXIES");
    }

    @ParameterizedTest
    @CsvSource({"ingress, ingress-nginx", "gateway, gateways"})
    void theNetworkLetsTheProxyInToThatServiceAlone(String combination, String namespace) {
        Manifests manifests = Chart.ofCombination(combination).manifests();

        assertThat(manifests.ofKind("NetworkPolicy").stream()
                        .filter(policy -> policy.at("/spec/ingress").toString().contains(namespace))
                        .map(Manifests::name))
                .containsExactly("vitrina-bff");
    }

    @Test
    void leadsThroughTheChartsNginxWhereThatStandsBefore() {
        Manifests manifests = Chart.ofCombination("ingress")
                .with("proxy.enabled=true", "httpRoute.enabled=true", "httpRoute.parentRefs[0].name=public")
                .manifests();

        assertThat(manifests
                        .one("Ingress", "vitrina-proxy")
                        .at("/spec/rules/0/http/paths/0/backend/service/name")
                        .asText())
                .isEqualTo("vitrina-proxy");
        assertThat(manifests
                        .one("HTTPRoute", "vitrina-proxy")
                        .at("/spec/rules/0/backendRefs/0/name")
                        .asText())
                .isEqualTo("vitrina-proxy");
        assertThat(manifests.ofKind("NetworkPolicy").stream()
                        .filter(policy -> policy.at("/spec/ingress").toString().contains("ingress-nginx"))
                        .map(Manifests::name))
                .containsExactly("vitrina-proxy");
    }

    @Test
    void everyObjectAndPodHasTheCommonLabels() {
        Manifests manifests = Chart.ofCombination("ingress").manifests();

        assertThat(manifests.all())
                .filteredOn(object -> !Manifests.kind(object).equals("ConfigMap"))
                .allSatisfy(object -> {
                    assertThat(object.at("/metadata/labels/team").asText())
                            .as(Manifests.id(object))
                            .isEqualTo("shop");
                    assertThat(object.at("/metadata/annotations/example.com~1owner")
                                    .asText())
                            .as(Manifests.id(object))
                            .isEqualTo("shop");
                })
                .filteredOn(object -> object.at("/spec/template").isObject())
                .allSatisfy(object -> {
                    assertThat(object.at("/spec/template/metadata/labels/team").asText())
                            .as(Manifests.id(object))
                            .isEqualTo("shop");
                    assertThat(object.at("/spec/selector").toString())
                            .as("what never changes")
                            .doesNotContain("team");
                });
    }

    @Test
    void furtherObjectsAreFilledIn() {
        Manifests manifests = Chart.ofCombination("ingress").manifests();

        assertThat(manifests.one("ConfigMap", "vitrina-note").at("/data/note").asText())
                .isEqualTo("vitrina");
        assertThat(manifests.one("ConfigMap", "vitrina-text").at("/data/note").asText())
                .isEqualTo("text");
    }

    @Test
    void theNotesNameTheAddress() {
        assertThat(Chart.ofCombination("ingress").notes()).contains("https://shop.example.com/shop/");
        assertThat(Chart.ofVitrina().notes()).doesNotContain("From outside the cluster");
    }

    @ParameterizedTest
    @CsvSource({
        "ingress, edge.trustedProxies=, edge.trustedProxies is empty",
        "gateway, edge.service=shop, edge.service is",
        "gateway, edge.service=retraining, edge.service is"
    })
    void saysWhatIsMissing(String combination, String setting, String message) {
        assertThatThrownBy(() -> Chart.ofCombination(combination).with(setting).text())
                .hasMessageContaining(message);
    }

    @Test
    void saysThatNobodyWouldGetThrough() {
        assertThatThrownBy(() -> Chart.ofVitrina()
                        .with("ingress.enabled=true", "edge.hosts[0]=shop.example.com")
                        .text())
                .hasMessageContaining("edge.from is empty");
        assertThatThrownBy(() -> Chart.ofVitrina()
                        .with("httpRoute.enabled=true", "edge.hosts[0]=shop.example.com", "networkPolicy.enabled=false")
                        .text())
                .hasMessageContaining("httpRoute.parentRefs is empty");
    }

    private static JsonNode environment(Manifests manifests, String service) {
        return manifests.one("Deployment", "vitrina-" + service).at("/spec/template/spec/containers/0/env");
    }

    private static String value(JsonNode environment, String name) {
        return Manifests.items(environment)
                .filter(variable -> variable.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow()
                .path("value")
                .asText();
    }
}
