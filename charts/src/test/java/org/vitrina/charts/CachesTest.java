package org.vitrina.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One value, {@code cache.topology}, brings what a topology needs, and nobody else reaches it. */
class CachesTest {
    private static final Manifests SERVERS =
            Chart.ofCombination("cache-servers").manifests();
    private static final Manifests SHARDS = Chart.ofCombination("cache-shards").manifests();

    @Test
    void bringsNoServerWhereNoneIsNeeded() {
        Manifests byDefault = Chart.ofVitrina().manifests();
        for (String server : new String[] {"vitrina-redis", "vitrina-memcached"}) {
            assertThat(byDefault.ofKind("Deployment"))
                    .extracting(deployment -> deployment.at("/metadata/name").asText())
                    .doesNotContain(server);
        }
        assertThat(byDefault.podOf("bff").container("redis").has("env")).isFalse();
    }

    @Test
    void readsAReplicaInThePodAndWritesToItsPrimary() {
        Manifests.Pod pod = SERVERS.podOf("bff");
        assertThat(environment(pod.container("bff")))
                .containsEntry("VITRINA_CACHE_TOPOLOGY", "sidecar-replica")
                .containsEntry("VITRINA_CACHE_REDIS_URL", "unix:///run/redis/redis.sock")
                .containsEntry("VITRINA_CACHE_REDIS_PRIMARY_URL", "redis://vitrina-redis:6379")
                .containsEntry("VITRINA_CACHE_REDIS_PASSWORD", "vitrina-redis/redis-password");
        JsonNode replica = pod.container("redis");
        assertThat(replica.at("/args/0").asText())
                .contains("settings | redis-server - --port 0")
                .contains("--replicaof vitrina-redis 6379")
                .contains("requirepass")
                .contains("masterauth");
        assertThat(environment(replica)).containsEntry("PASSWORD", "vitrina-redis/redis-password");

        JsonNode primary = SERVERS.one("Deployment", "vitrina-redis").at("/spec/template/spec/containers/0");
        assertThat(primary.at("/args/0").asText())
                .contains("settings | redis-server - --port 6379")
                .contains("requirepass")
                .doesNotContain("replicaof");
        assertThat(environment(primary)).containsEntry("PASSWORD", "vitrina-redis/redis-password");
        assertThat(SERVERS.one("Secret", "vitrina-redis")
                        .at("/data/redis-password")
                        .asText())
                .hasSizeGreaterThan(40);
        assertOnly("bff", SERVERS.one("NetworkPolicy", "vitrina-redis"), 6379);
    }

    @Test
    void sharesOneMemcached() {
        assertThat(environment(SERVERS.podOf("predictions").container("predictions")))
                .containsEntry("VITRINA_CACHE_TOPOLOGY", "memcached")
                .containsEntry("VITRINA_CACHE_MEMCACHED_ADDRESS", "vitrina-memcached:11211")
                .doesNotContainKey("VITRINA_CACHE_REDIS_PASSWORD");
        assertOnly("predictions", SERVERS.one("NetworkPolicy", "vitrina-memcached"), 11211);
    }

    @Test
    void closesShardsToAllButTheirService() {
        Manifests.Pod pod = SHARDS.podOf("bff");
        assertThat(environment(pod.container("bff")))
                .containsEntry("VITRINA_CACHE_REDIS_SHARDS", "vitrina-bff-shards:6379")
                .containsEntry("VITRINA_CACHE_REDIS_PASSWORD", "vitrina-redis/redis-password")
                .doesNotContainKey("VITRINA_CACHE_REDIS_URL");
        assertThat(pod.container("redis").at("/args/0").asText())
                .contains("--port 6379")
                .contains("requirepass")
                .doesNotContain("unixsocket");
        JsonNode service = SHARDS.one("Service", "vitrina-bff-shards").path("spec");
        assertThat(service.path("clusterIP").asText()).isEqualTo("None");
        assertThat(service.path("publishNotReadyAddresses").asBoolean()).isTrue();
        JsonNode policy = SHARDS.one("NetworkPolicy", "vitrina-bff").path("spec");
        assertThat(policy.path("ingress"))
                .filteredOn(rule -> rule.at("/ports/0/port").asInt() == 6379)
                .singleElement()
                .satisfies(rule -> {
                    assertThat(rule.path("from")).hasSize(1);
                    assertThat(component(rule.at("/from/0"))).isEqualTo("bff");
                });
        assertThat(policy.path("egress"))
                .filteredOn(rule -> rule.at("/ports/0/port").asInt() == 6379)
                .singleElement()
                .satisfies(rule -> assertThat(component(rule.at("/to/0"))).isEqualTo("bff"));
    }

    @Test
    void keepsFilesInAFolderOfThePod() {
        Manifests.Pod pod = SHARDS.podOf("predictions");
        assertThat(environment(pod.container("predictions")))
                .containsEntry("VITRINA_CACHE_TOPOLOGY", "file")
                .containsEntry("VITRINA_CACHE_FILE_FOLDER", "/cache");
        assertThat(pod.container("predictions").path("volumeMounts"))
                .anySatisfy(
                        mount -> assertThat(mount.path("mountPath").asText()).isEqualTo("/cache"));
        assertThat(pod.spec().path("volumes")).anySatisfy(volume -> {
            assertThat(volume.path("name").asText()).isEqualTo("cache");
            assertThat(volume.has("emptyDir")).isTrue();
        });
    }

    @Test
    void namesTheServerThatTheTopologiesInBetweenNeed() {
        for (String topology : new String[] {"dedicated", "replicated"}) {
            Manifests manifests = Chart.ofVitrina()
                    .with("services.bff.cache.topology=" + topology)
                    .manifests();
            assertThat(environment(manifests.podOf("bff").container("bff")))
                    .containsEntry("VITRINA_CACHE_TOPOLOGY", topology)
                    .containsEntry("VITRINA_CACHE_REDIS_URL", "redis://vitrina-redis:6379")
                    .containsEntry("VITRINA_CACHE_REDIS_PASSWORD", "vitrina-redis/redis-password");
            assertThat(manifests.podOf("bff").spec().has("initContainers")).isFalse();
        }
    }

    /** Those that serve meanwhile have the old value, and what it needs is there until they have gone. */
    @ParameterizedTest
    @ValueSource(
            strings = {"off", "memory", "sidecar-replica", "dedicated", "distributed", "replicated", "file", "memcached"
            })
    void isChangedByARollingUpgrade(String topology) {
        JsonNode before =
                Chart.ofVitrina().manifests().one("Deployment", "vitrina-bff").path("spec");
        JsonNode after = Chart.ofVitrina()
                .with("services.bff.cache.topology=" + topology)
                .manifests()
                .one("Deployment", "vitrina-bff")
                .path("spec");

        assertThat(after.at("/template/spec")).isNotEqualTo(before.at("/template/spec"));
        assertThat(after.path("selector")).isEqualTo(before.path("selector"));
        assertThat(after.path("replicas")).isEqualTo(before.path("replicas"));
        assertThat(after.at("/strategy/rollingUpdate").toString()).isEqualTo("{\"maxUnavailable\":0,\"maxSurge\":1}");
    }

    private static void assertOnly(String client, JsonNode policy, int port) {
        assertThat(policy.at("/spec/ingress")).singleElement().satisfies(rule -> {
            assertThat(rule.path("from")).hasSize(1);
            assertThat(component(rule.at("/from/0"))).isEqualTo(client);
            assertThat(rule.at("/ports/0/port").asInt()).isEqualTo(port);
        });
        assertThat(policy.at("/spec/policyTypes").toString()).contains("Egress");
        assertThat(policy.at("/spec").has("egress")).isFalse();
    }

    private static String component(JsonNode peer) {
        return peer.at("/podSelector/matchLabels/app.kubernetes.io~1component").asText();
    }

    /** Values by name; of one from a Secret, that one's name and key. */
    private static Map<String, String> environment(JsonNode container) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (JsonNode variable : container.path("env")) {
            JsonNode secret = variable.at("/valueFrom/secretKeyRef");
            environment.put(
                    variable.path("name").asText(),
                    secret.isMissingNode()
                            ? variable.path("value").asText()
                            : secret.path("name").asText() + "/"
                                    + secret.path("key").asText());
        }
        return environment;
    }
}
