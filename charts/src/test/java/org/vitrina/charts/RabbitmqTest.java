package org.vitrina.charts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker inside the chart, the one outside, who is told of it, and its password. */
class RabbitmqTest {
    private static final Manifests DEFAULT = Chart.ofVitrina().manifests();
    private static final Manifests OWN_SERVICE =
            Chart.ofCombination("own-service").manifests();

    private static Map<String, String> environment(Manifests.Pod pod) {
        Map<String, String> environment = new TreeMap<>();
        Manifests.items(pod.container(pod.component()).path("env"))
                .forEach(entry -> environment.put(
                        entry.path("name").asText(),
                        entry.path("value").asText(entry.path("valueFrom").toString())));
        return environment;
    }

    @Test
    void tellsWhoeverSendsOrReceivesEventsWhereItIs() {
        Map<String, String> environment = environment(OWN_SERVICE.podOf("reviews"));
        assertThat(environment)
                .containsEntry("VITRINA_BROKER_HOST", "vitrina-rabbitmq")
                .containsEntry("VITRINA_BROKER_PORT", "5672")
                .containsEntry("VITRINA_BROKER_USERNAME", "reviews")
                .containsEntry("VITRINA_BROKER_VIRTUAL_HOST", "/")
                .containsEntry(
                        "VITRINA_BROKER_PASSWORD",
                        "{\"secretKeyRef\":{\"name\":\"vitrina-rabbitmq\",\"key\":\"reviews-broker-password\"}}");
        assertThat(environment(OWN_SERVICE.podOf("cart")))
                .noneSatisfy((name, value) -> assertThat(name).contains("BROKER"));
    }

    @Test
    void connectsToTheBrokerElsewhere() {
        Manifests manifests = Chart.ofCombination("external-rabbitmq").manifests();
        assertThat(environment(manifests.podOf("cart")))
                .containsEntry("VITRINA_BROKER_HOST", "mq.brokers.svc")
                .containsEntry("VITRINA_BROKER_PORT", "5673")
                .containsEntry("VITRINA_BROKER_USERNAME", "shop")
                .containsEntry("VITRINA_BROKER_VIRTUAL_HOST", "shop")
                .containsEntry(
                        "VITRINA_BROKER_PASSWORD",
                        "{\"secretKeyRef\":{\"name\":\"vitrina-broker\",\"key\":\"rabbitmq-password\"}}");
        assertThat(manifests.all())
                .noneMatch(manifest -> Manifests.name(manifest).endsWith("-rabbitmq"));
    }

    @Test
    void reachesTheBrokerElsewhereEncrypted() {
        Manifests.Pod orders = Chart.ofCombination("encrypted").manifests().podOf("orders");
        assertThat(environment(orders))
                .containsEntry("VITRINA_BROKER_PORT", "5671")
                .containsEntry("VITRINA_BROKER_TLS", "true")
                .containsEntry("VITRINA_BROKER_CA_FILE", "/ca/rabbitmq/ca.crt");
        assertThat(orders.spec().toString()).contains("\"secretName\":\"broker-ca\"");
        assertThat(environment(DEFAULT.podOf("orders")))
                .doesNotContainKeys("VITRINA_BROKER_TLS", "VITRINA_BROKER_CA_FILE");
    }

    @Test
    void eachServiceIsAUserOfItsOwnAtABrokerElsewhereToo() {
        Manifests manifests = Chart.ofCombination("external-rabbitmq")
                .with("rabbitmq.external.user=")
                .manifests();
        for (String service : List.of("cart", "orders")) {
            assertThat(environment(manifests.podOf(service)))
                    .containsEntry("VITRINA_BROKER_USERNAME", service)
                    .containsEntry(
                            "VITRINA_BROKER_PASSWORD",
                            "{\"secretKeyRef\":{\"name\":\"vitrina-broker\",\"key\":\"" + service
                                    + "-broker-password\"}}");
        }
    }

    @Test
    void letsExtraVariablesReplaceThePassword() {
        JsonNode env = Chart.ofCombination("own-service")
                .with("services.reviews.env.VITRINA_BROKER_PASSWORD=x")
                .manifests()
                .podOf("reviews")
                .container("reviews")
                .path("env");
        assertThat(Manifests.items(env))
                .extracting(entry -> entry.path("name").asText())
                .doesNotHaveDuplicates();
    }

    @Test
    void listensForNamesAndOtherNodesOnLoopbackOnly() {
        Map<String, String> environment = environment(DEFAULT.podOf("rabbitmq"));
        assertThat(environment)
                .containsEntry("RABBITMQ_NODENAME", "rabbit@localhost")
                .containsEntry("ERL_EPMD_ADDRESS", "127.0.0.1");
        assertThat(environment.get("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"))
                .contains("inet_dist_use_interface {127,0,0,1}");
        assertThat(DEFAULT.one("Service", "vitrina-rabbitmq").at("/spec/ports"))
                .singleElement()
                .satisfies(port -> assertThat(port.path("port").asInt()).isEqualTo(5672));
    }

    @Test
    void isProbedWithoutStartingAProgram() {
        JsonNode container = DEFAULT.podOf("rabbitmq").container("rabbitmq");
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(container.path(probe).path("tcpSocket").path("port").asText())
                    .as(probe)
                    .isEqualTo("amqp");
        }
        // a long queue is read before it listens
        assertThat(container.at("/startupProbe/periodSeconds").asInt()
                        * container.at("/startupProbe/failureThreshold").asInt())
                .isGreaterThanOrEqualTo(300);
    }

    @Test
    void keepsTheCookieOffTheVolumeAndTheQueuesOnIt() {
        Manifests.Pod pod = DEFAULT.podOf("rabbitmq");
        Map<String, String> environment = environment(pod);
        Map<String, String> mounts = new TreeMap<>();
        Manifests.items(pod.container("rabbitmq").path("volumeMounts"))
                .forEach(mount -> mounts.put(
                        mount.path("mountPath").asText(), mount.path("name").asText()));
        assertThat(mounts).containsEntry("/data", "data").containsEntry("/run/rabbitmq", "run");
        assertThat(environment)
                .containsEntry("HOME", "/run/rabbitmq")
                .containsEntry("RABBITMQ_MNESIA_BASE", "/data/mnesia");
    }

    @Test
    void stopsReadingFromSendersBeforeItsMemoryEnds() {
        assertThat(settings(Chart.ofVitrina()))
                .contains(
                        "load_definitions = /run/rabbitmq/definitions.json",
                        "disk_free_limit.absolute = 128MB",
                        "max_message_size = 131072",
                        "vm_memory_high_watermark.absolute = " + 512L * 1024 * 1024 * 6 / 10);
        assertThat(settings(Chart.ofCombination("everything-else")))
                .contains("disk_free_limit.absolute = 1GB", "channel_max = 64")
                .doesNotContain("disk_free_limit.absolute = 128MB");
    }

    private static List<String> settings(Chart chart) {
        return environment(chart.manifests().podOf("rabbitmq"))
                .getOrDefault("SETTINGS", "")
                .lines()
                .toList();
    }

    @Test
    void keepsItsVolumeWhateverHappensToTheRelease() {
        JsonNode set = DEFAULT.one("StatefulSet", "vitrina-rabbitmq").path("spec");
        assertThat(set.path("persistentVolumeClaimRetentionPolicy").toString())
                .isEqualTo("{\"whenDeleted\":\"Retain\",\"whenScaled\":\"Retain\"}");
        assertThat(set.at("/volumeClaimTemplates/0/spec/resources/requests/storage")
                        .asText())
                .isEqualTo("1Gi");
        JsonNode larger = Chart.ofCombination("everything-else")
                .manifests()
                .one("StatefulSet", "shop-rabbitmq")
                .at("/spec/volumeClaimTemplates/0/spec");
        assertThat(larger.path("storageClassName").asText()).isEqualTo("fast");
    }

    @Test
    void keepsTheGeneratedPasswordOverUpgrades() {
        JsonNode before = DEFAULT.one("Secret", "vitrina-rabbitmq");
        assertThat(before.path("data").properties())
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrderElementsOf(keys());
        assertThat(before.path("data").properties())
                .extracting(entry -> entry.getValue().asText())
                .doesNotHaveDuplicates();
        try (Cluster cluster = Cluster.with(before)) {
            assertThat(cluster).isNotNull();
            assertThat(Chart.ofVitrina()
                            .with("image.tag=v2")
                            .manifests()
                            .one("Secret", "vitrina-rabbitmq")
                            .path("data"))
                    .isEqualTo(before.path("data"));
        }
        for (String key : keys()) {
            String password = before.path("data").path(key).asText();
            assertThat(DEFAULT.all())
                    .filteredOn(manifest -> !Manifests.kind(manifest).equals("Secret"))
                    .noneMatch(manifest -> manifest.toString().contains(password)
                            || manifest.toString()
                                    .contains(new String(Base64.getDecoder().decode(password), UTF_8)));
        }
    }

    private static List<String> keys() {
        return Stream.concat(
                        Stream.of("rabbitmq-password"),
                        Chart.ofVitrina().values().at("/rabbitmq/users").properties().stream()
                                .map(user -> user.getKey() + "-broker-password"))
                .toList();
    }

    /** The container's script, run here as it is but for where it writes and that it starts nothing. */
    @Test
    void givesEachServiceItsOwnRightsAndPassword(@TempDir Path folder) throws IOException, InterruptedException {
        JsonNode container = DEFAULT.podOf("rabbitmq").container("rabbitmq");
        var builder = new ProcessBuilder(
                        "sh",
                        "-ec",
                        container
                                .at("/args/0")
                                .asText()
                                .replace("/run/rabbitmq", folder.toString())
                                .replace("exec rabbitmq-server", "env >" + folder + "/environment"))
                .inheritIO();
        Manifests.items(container.path("env")).forEach(entry -> builder.environment()
                .put(
                        entry.path("name").asText(),
                        entry.has("value")
                                ? entry.path("value").asText()
                                : "a \"\\ "
                                        + entry.at("/valueFrom/secretKeyRef/key")
                                                .asText()));
        assertThat(builder.start().waitFor()).isZero();

        JsonNode definitions =
                Chart.YAML.readTree(folder.resolve("definitions.json").toFile());
        Map<String, String> passwords = new TreeMap<>();
        definitions
                .path("users")
                .forEach(user -> passwords.put(
                        user.path("name").asText(), user.path("password").asText()));
        assertThat(passwords)
                .containsEntry("vitrina", "a \"\\ rabbitmq-password")
                .containsEntry("orders", "a \"\\ orders-broker-password")
                .hasSize(keys().size())
                .doesNotContainKey("guest");
        JsonNode users = Chart.ofVitrina().values().at("/rabbitmq/users");
        assertThat(definitions.path("permissions")).hasSize(keys().size()).allSatisfy(right -> {
            String user = right.path("user").asText();
            assertThat(right.path("vhost").asText()).isEqualTo("/");
            for (String kind : List.of("configure", "write", "read")) {
                assertThat(right.path(kind).asText())
                        .as("%s %s", user, kind)
                        .isEqualTo(
                                user.equals("vitrina")
                                        ? ".*"
                                        : users.path(user).path(kind).asText());
            }
        });
        assertThat(Files.readString(folder.resolve("environment"))).doesNotContain("broker-password");
    }

    @Test
    void knowsTheRightsOfWhoeverHasABroker() {
        Chart without = Chart.ofVitrina().with("services.cart.broker.enabled=true");
        assertThatThrownBy(without::text).hasMessageContaining("rabbitmq.users lacks 'cart'");
        assertThat(without.with(
                                "rabbitmq.users.cart.configure=c",
                                "rabbitmq.users.cart.write=w",
                                "rabbitmq.users.cart.read=r")
                        .text())
                .contains("cart-broker-password");
    }

    @Test
    void bringsAChangedPasswordToTheBrokerAndItsClients() {
        Manifests before = withPassword("old");
        Manifests after = withPassword("new");
        for (String component : List.of("rabbitmq", "orders")) {
            assertThat(after.podOf(component).metadata())
                    .as(component)
                    .isNotEqualTo(before.podOf(component).metadata());
        }
        for (String component : List.of("inventory", "notifications")) {
            assertThat(after.podOf(component).metadata())
                    .as(component)
                    .isEqualTo(before.podOf(component).metadata());
        }
        assertThat(after.ofKind("Secret"))
                .extracting(Manifests::name)
                .containsExactlyInAnyOrder("vitrina-identity", "vitrina-postgres");
    }

    private static Manifests withPassword(String password) {
        ObjectNode secret =
                Chart.YAML.createObjectNode().put("apiVersion", "v1").put("kind", "Secret");
        secret.putObject("metadata").put("name", "mine");
        ObjectNode data = secret.putObject("data");
        keys().forEach(key -> data.put(
                key, Base64.getEncoder().encodeToString((key.startsWith("orders") ? password : key).getBytes(UTF_8))));
        try (Cluster cluster = Cluster.with(secret)) {
            assertThat(cluster).isNotNull();
            return Chart.ofVitrina().with("rabbitmq.existingSecret=mine").manifests();
        }
    }
}
