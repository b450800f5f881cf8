package org.vitrina.charts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Who callers are: the install's own keys, a provider's, or nobody is asked. */
class IdentityTest {
    private static final Manifests DEFAULT = Chart.ofVitrina().manifests();

    private static String text(JsonNode secret, String key) {
        return new String(
                Base64.getDecoder().decode(secret.path("data").path(key).asText()), UTF_8);
    }

    @Test
    void makesAKeyAndACertificateOfIt() throws Exception {
        JsonNode secret = DEFAULT.one("Secret", "vitrina-identity");
        assertThat(text(secret, "tls.key")).startsWith("-----BEGIN RSA PRIVATE KEY-----");
        var certificate = CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(text(secret, "tls.crt").getBytes(UTF_8)));
        assertThat(certificate.getPublicKey()).isInstanceOfSatisfying(RSAPublicKey.class, key -> assertThat(
                        key.getModulus().bitLength())
                .isGreaterThanOrEqualTo(2048));
        assertThat(Base64.getUrlDecoder().decode(text(secret, "session-key"))).hasSize(32);
    }

    @Test
    void keepsTheKeysOverUpgrades() {
        JsonNode before = DEFAULT.one("Secret", "vitrina-identity");
        try (Cluster cluster = Cluster.with(before)) {
            assertThat(cluster).isNotNull();
            assertThat(Chart.ofVitrina()
                            .with("image.tag=v2")
                            .manifests()
                            .one("Secret", "vitrina-identity")
                            .path("data"))
                    .isEqualTo(before.path("data"));
        }
    }

    @Test
    void givesEveryServiceTheCertificateAndFewTheKey() {
        var signers = new TreeSet<String>();
        for (String service : Chart.SERVICES) {
            JsonNode items = volume(DEFAULT, service).path("secret").path("items");
            assertThat(items.findValuesAsText("key")).as(service).contains("tls.crt");
            if (items.findValuesAsText("key").contains("tls.key")) {
                signers.add(service);
            }
            assertThat(DEFAULT.podOf(service).container(service).path("env").toString())
                    .as(service)
                    .contains("{\"name\":\"VITRINA_AUTH\",\"value\":\"demo\"}", "file:/identity/tls.crt")
                    .doesNotContain("OPEN_NETWORK");
        }
        assertThat(signers).containsExactly("bff", "orders");
    }

    private static JsonNode volume(Manifests manifests, String service) {
        return Manifests.items(manifests.podOf(service).spec().path("volumes"))
                .filter(volume -> volume.path("name").asText().equals("identity"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void asksNobodyWhereItIsToldSo() {
        for (Chart chart : List.of(Chart.ofVitrina().with("auth.mode=off"), Chart.ofCombination("auth-off"))) {
            Manifests off = chart.manifests();
            assertThat(off.ids()).doesNotContain("Secret/vitrina-identity");
            assertThat(off.podOf("cart").container("cart").path("env").toString())
                    .contains("{\"name\":\"VITRINA_AUTH\",\"value\":\"off\"}", "VITRINA_AUTH_ALLOW_OPEN_NETWORK")
                    .doesNotContain("IDENTITY");
        }
    }

    @Test
    void letsServicesThroughToTheProvider() {
        Chart oidc = Chart.ofCombination("oidc");
        Manifests manifests = oidc.manifests();
        assertThat(manifests.ids()).doesNotContain("Secret/vitrina-identity");
        assertThat(manifests
                        .one("NetworkPolicy", "vitrina-cart")
                        .path("spec")
                        .path("egress")
                        .toString())
                .contains("\"port\":443");
        assertThat(oidc.with("auth.oidc.to[0].ipBlock.cidr=192.0.2.9/32")
                        .manifests()
                        .one("NetworkPolicy", "vitrina-cart")
                        .path("spec")
                        .path("egress")
                        .toString())
                .contains("192.0.2.9/32")
                .doesNotContain("\"port\":443");
        assertThat(manifests.podOf("orders").container("orders").path("env").toString())
                .contains("orders-client-secret", "VITRINA_IDENTITY_TOKEN_URL")
                .doesNotContain("SESSION");
        assertThat(manifests.podOf("cart").container("cart").path("env").toString())
                .contains("VITRINA_IDENTITY_ISSUER")
                .doesNotContain("CLIENT_SECRET");
    }

    @Test
    void browsersSignInAtTheProvider() {
        Chart oidc = Chart.ofCombination("oidc");
        Manifests manifests = oidc.manifests();
        assertThat(manifests.podOf("bff").container("bff").path("env").toString())
                .contains(
                        "bff-client-secret",
                        "session-key",
                        "{\"name\":\"VITRINA_IDENTITY_CLIENT_ID\",\"value\":\"shop\"}",
                        "{\"name\":\"VITRINA_IDENTITY_USER_CLAIM\",\"value\":\"vitrina_user\"}",
                        "{\"name\":\"VITRINA_SESSION_OIDC_SCOPES\",\"value\":\"openid offline_access\"}",
                        "{\"name\":\"VITRINA_SESSION_OIDC_PARAMETERS\",\"value\":\"audience=vitrina\"}",
                        "{\"name\":\"VITRINA_SESSION_REDIS_URL\",\"value\":\"redis://redis.example.com:6380\"}")
                .doesNotContain("TOKEN_URL");
        assertThat(egress(manifests, "vitrina-bff")).contains("\"port\":6380");
        assertThat(egress(manifests, "vitrina-cart")).doesNotContain("\"port\":6380");
        Chart open = oidc.with("auth.oidc.clientSecret=false");
        assertThat(open.manifests().podOf("bff").container("bff").path("env").toString())
                .doesNotContain("client-secret");
        assertThatThrownBy(() -> oidc.with("auth.sessions.redisUrl=").text())
                .hasMessageContaining("auth.sessions.redisUrl is missing: the pods of bff");
        assertThat(oidc.with("auth.sessions.redisUrl=")
                        .with("services.bff.replicas=1")
                        .text())
                .doesNotContain("VITRINA_SESSION_REDIS_URL");
    }

    private static String egress(Manifests manifests, String policy) {
        return manifests
                .one("NetworkPolicy", policy)
                .path("spec")
                .path("egress")
                .toString();
    }

    @Test
    void refusesAProviderThatIsHalfNamed() {
        assertThatThrownBy(() -> Chart.ofVitrina().with("auth.mode=oidc").text())
                .hasMessageContaining("auth.oidc.issuer is missing");
        assertThatThrownBy(() ->
                        Chart.ofCombination("oidc").with("auth.oidc.tokenUrl=").text())
                .hasMessageContaining("auth.oidc.tokenUrl is missing: services.orders.auth.signs");
        assertThatThrownBy(() -> Chart.ofVitrina().with("auth.mode=any").text()).hasMessageContaining("/auth/mode");
    }
}
