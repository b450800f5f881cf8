package org.vitrina.charts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The database inside the chart, the one outside, and the passwords. */
class PostgresTest {
    private static final Manifests DEFAULT = Chart.ofVitrina().manifests();

    @Test
    void generatesAPasswordForEachRole() {
        JsonNode data = DEFAULT.one("Secret", "vitrina-postgres").path("data");
        assertThat(data.properties())
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrderElementsOf(Stream.concat(Stream.of("postgres"), Chart.DATABASES.stream())
                        .map(role -> role + "-password")
                        .toList());
        Set<String> passwords = new HashSet<>();
        data.forEach(password -> passwords.add(password.asText()));
        assertThat(passwords).hasSize(Chart.DATABASES.size() + 1).allMatch(password -> password.length() >= 40);
    }

    @Test
    void givesEachServiceItsOwnDatabaseRoleAndPasswordOnly() {
        for (String service : Chart.DATABASES) {
            String environment =
                    DEFAULT.podOf(service).container(service).path("env").toString();
            assertThat(environment)
                    .contains("postgresql://vitrina-postgres:5432/" + service + "\"")
                    .contains("{\"name\":\"QUARKUS_DATASOURCE_USERNAME\",\"value\":\"" + service + "\"}")
                    .contains("\"key\":\"" + service + "-password\"")
                    .doesNotContain("postgres-password");
        }
        assertThat(DEFAULT.podOf("bff").spec().toString()).doesNotContain("password");
    }

    @Test
    void fitsTheConnectionsOfARollingUpdateOfAllServicesAndOfTheirJobs() {
        int connections = DEFAULT.ofKind("Deployment").stream()
                .mapToInt(deployment -> {
                    String pool = Manifests.items(deployment.at("/spec/template/spec/containers/0/env"))
                            .filter(entry -> entry.path("name").asText().equals("QUARKUS_DATASOURCE_REACTIVE_MAX_SIZE"))
                            .map(entry -> entry.path("value").asText())
                            .findFirst()
                            .orElse("0");
                    return 2 * deployment.at("/spec/replicas").asInt() * Integer.parseInt(pool);
                })
                .sum();
        assertThat(Manifests.texts(
                        DEFAULT.podOf("postgres").container("postgres").path("args")))
                .contains("max_connections=200");
        // some are kept for the administrator, and for another replica or two
        assertThat(connections).isPositive().isLessThanOrEqualTo(160);
    }

    @Test
    void keepsItsVolumeWhateverHappensToTheRelease() {
        JsonNode set = DEFAULT.one("StatefulSet", "vitrina-postgres").path("spec");
        assertThat(set.path("persistentVolumeClaimRetentionPolicy").toString())
                .isEqualTo("{\"whenDeleted\":\"Retain\",\"whenScaled\":\"Retain\"}");
        assertThat(set.at("/volumeClaimTemplates/0/spec/resources/requests/storage")
                        .asText())
                .isEqualTo("2Gi");
        JsonNode larger = Chart.ofCombination("everything-else")
                .manifests()
                .one("StatefulSet", "shop-postgres")
                .at("/spec/volumeClaimTemplates/0/spec");
        assertThat(larger.path("storageClassName").asText()).isEqualTo("fast");
    }

    @Test
    void rendersNoSecretOfItsOwnBesideAnExistingOne() {
        for (String combination : List.of("existing-secret", "external-postgres")) {
            Manifests manifests = Chart.ofCombination(combination).manifests();
            assertThat(manifests.ofKind("Secret")).extracting(Manifests::name).doesNotContain("vitrina-postgres");
            assertThat(manifests.podOf("cart").spec().toString()).contains("vitrina-passwords");
        }
        assertThat(Chart.ofCombination("external-postgres").manifests().ofKind("StatefulSet"))
                .extracting(Manifests::name)
                .doesNotContain("vitrina-postgres");
    }

    @Test
    void connectsToTheDatabaseElsewhere() {
        Manifests manifests = Chart.ofCombination("external-postgres-admin").manifests();
        assertThat(manifests.podOf("cart").container("cart").path("env").toString())
                .contains("postgresql://192.0.2.10:6432/cart");
        assertThat(manifests
                        .podOf("migrations")
                        .container("database")
                        .path("env")
                        .toString())
                .contains("\"value\":\"operator\"")
                .contains("192.0.2.10");
    }

    @Test
    void readsAReplicaOnlyWhereAServiceNamesOne() {
        Manifests manifests = Chart.ofCombination("external-postgres").manifests();
        assertThat(manifests.podOf("products").container("products").path("env").toString())
                .contains(
                        "\"VITRINA_POSTGRES_READ_URL\",\"value\":\"postgresql://replica.databases.svc:5432/products\"");
        for (String service : List.of("orders", "wallet", "inventory")) {
            assertThat(manifests.podOf(service).container(service).path("env").toString())
                    .as(service)
                    .doesNotContain("READ_URL");
        }
    }

    @Test
    void reachesTheDatabaseElsewhereEncrypted() {
        Chart encrypted = Chart.ofCombination("encrypted");
        Manifests manifests = encrypted.manifests();
        assertThat(manifests.podOf("cart").container("cart").path("env").toString())
                .contains("postgresql://db.example.com:5432/cart?sslmode=verify-full\"")
                .contains("{\"name\":\"VITRINA_POSTGRES_CA_FILE\",\"value\":\"/ca/postgres/ca.crt\"}");
        assertThat(manifests.podOf("cart").spec().toString())
                .contains("\"secretName\":\"database-ca\"")
                .contains("\"mountPath\":\"/ca/postgres\"")
                .doesNotContain("broker-ca");
        Manifests.Pod job = manifests.podOf("migrations");
        assertThat(job.container("migrations").path("env").toString())
                .contains("/cart?sslmode=verify-full&sslrootcert=/ca/postgres/ca.crt\"");
        assertThat(job.container("database").path("env").toString())
                .contains("{\"name\":\"PGSSLMODE\",\"value\":\"verify-full\"}")
                .contains("{\"name\":\"PGSSLROOTCERT\",\"value\":\"/ca/postgres/ca.crt\"}");

        Manifests byJava = encrypted.with("postgres.external.caSecret=").manifests();
        assertThat(byJava.podOf("migrations")
                        .container("migrations")
                        .path("env")
                        .toString())
                .contains("?sslmode=verify-full&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory\"");
        assertThat(byJava.podOf("cart").spec().toString()).doesNotContain("/ca/postgres", "CA_FILE");
    }

    @Test
    void rendersTheSameTwiceButForGeneratedPasswords() {
        assertThat(Chart.ofCombination("existing-secret").text())
                .isEqualTo(Chart.ofCombination("existing-secret").text());
        assertThat(withoutSecret(Chart.ofVitrina())).isEqualTo(withoutSecret(Chart.ofVitrina()));
        assertThat(Chart.ofVitrina().text()).isNotEqualTo(Chart.ofVitrina().text());
    }

    private static List<JsonNode> withoutSecret(Chart chart) {
        return Manifests.parse(chart.text()).all().stream()
                .filter(manifest -> !Manifests.kind(manifest).equals("Secret"))
                .toList();
    }

    @Test
    void keepsGeneratedPasswordsOverUpgrades() {
        JsonNode before = DEFAULT.one("Secret", "vitrina-postgres");
        try (Cluster cluster = Cluster.with(before)) {
            assertThat(cluster).isNotNull();
            assertThat(Chart.ofVitrina()
                            .with("image.tag=v2")
                            .manifests()
                            .one("Secret", "vitrina-postgres")
                            .path("data"))
                    .isEqualTo(before.path("data"));
            JsonNode withOneMore = Chart.ofVitrina()
                    .with(
                            "services.reviews.image.repository=x",
                            "services.reviews.database.enabled=true",
                            "services.reviews.migrations.image.repository=x")
                    .manifests()
                    .one("Secret", "vitrina-postgres")
                    .path("data");
            assertThat(withOneMore).hasSize(Chart.DATABASES.size() + 2);
            assertThat(withOneMore.path("cart-password"))
                    .isEqualTo(before.path("data").path("cart-password"));
        }
    }

    @Test
    void bringsAChangedPasswordToRoleAndPods() {
        Manifests before = withPasswordOfCart("old");
        Manifests after = withPasswordOfCart("new");
        assertThat(after.ids()).filteredOn(id -> id.contains("cart-migrate")).doesNotContainAnyElementsOf(before.ids());
        assertThat(after.ids())
                .filteredOn(id -> id.contains("products-migrate"))
                .isSubsetOf(before.ids());
        assertThat(after.podOf("cart").metadata())
                .isNotEqualTo(before.podOf("cart").metadata());
        assertThat(after.podOf("products").metadata())
                .isEqualTo(before.podOf("products").metadata());
        assertThat(withPasswordOfCart("old")).isEqualTo(before);
    }

    private static Manifests withPasswordOfCart(String password) {
        ObjectNode secret =
                Chart.YAML.createObjectNode().put("apiVersion", "v1").put("kind", "Secret");
        secret.putObject("metadata").put("name", "vitrina-passwords");
        ObjectNode data = secret.putObject("data");
        Stream<String> ofTheBroker = Chart.ofVitrina().values().at("/rabbitmq/users").properties().stream()
                .map(user -> user.getKey() + "-broker");
        for (String role : Stream.of(Stream.of("postgres", "rabbitmq"), Chart.DATABASES.stream(), ofTheBroker)
                .flatMap(roles -> roles)
                .toList()) {
            String text = role.equals("cart") ? password : role;
            data.put(role + "-password", Base64.getEncoder().encodeToString(text.getBytes(UTF_8)));
        }
        try (Cluster cluster = Cluster.with(secret)) {
            assertThat(cluster).isNotNull();
            return Chart.ofCombination("existing-secret").manifests();
        }
    }

    @Test
    void holdsNoPasswordAnywhereButInTheSecret() {
        Set<String> passwords = new HashSet<>();
        DEFAULT.one("Secret", "vitrina-postgres").path("data").forEach(value -> {
            passwords.add(value.asText());
            passwords.add(new String(Base64.getDecoder().decode(value.asText()), UTF_8));
        });
        assertThat(DEFAULT.all())
                .filteredOn(manifest -> !Manifests.kind(manifest).equals("Secret"))
                .noneMatch(manifest -> passwords.stream().anyMatch(manifest.toString()::contains));
    }
}
