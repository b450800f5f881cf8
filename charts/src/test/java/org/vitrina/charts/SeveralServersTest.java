package org.vitrina.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Each state on several servers elsewhere, by values alone. */
class SeveralServersTest {
    private static final Chart CHART = Chart.ofCombination("high-availability");
    private static final Manifests MANIFESTS = CHART.manifests();

    private static Map<String, String> environment(JsonNode container) {
        return Manifests.items(container.path("env"))
                .collect(Collectors.toMap(entry -> entry.path("name").asText(), entry -> entry.path("value")
                        .asText()));
    }

    private static Map<String, String> environmentOf(String service) {
        return environment(MANIFESTS.podOf(service).container(service));
    }

    @Test
    void namesAllServersToTheServices() {
        assertThat(environmentOf("cart"))
                .containsEntry(
                        "QUARKUS_DATASOURCE_REACTIVE_URL",
                        "postgresql://db-1.example.com:5432/cart,postgresql://db-2.example.com:5433/cart")
                .containsEntry(
                        "VITRINA_CACHE_REDIS_URL",
                        "redis-sentinel://cache-1.example.com:26379,cache-2.example.com:26379#shop");
        assertThat(environmentOf("orders"))
                .containsEntry("VITRINA_BROKER_HOST", "mq-1.example.com,mq-2.example.com,mq-3.example.com")
                .containsEntry("VITRINA_BROKER_PORT", "5672");
        assertThat(environmentOf("bff"))
                .containsEntry(
                        "VITRINA_SESSION_REDIS_URL",
                        "redis-sentinel://cache-1.example.com:26379,cache-2.example.com:26379#shop");
    }

    @Test
    void namesAllServersToTheMigrations() {
        JsonNode job = MANIFESTS.ofKind("Job").stream()
                .filter(each -> each.at("/metadata/name").asText().startsWith("vitrina-cart-migrate"))
                .findFirst()
                .orElseThrow()
                .at("/spec/template/spec");
        assertThat(environment(job.at("/containers/0")))
                .containsEntry(
                        "VITRINA_DB_URL",
                        "jdbc:postgresql://db-1.example.com:5432/cart,jdbc:postgresql://db-2.example.com:5433/cart");
        assertThat(environment(job.at("/initContainers/0")))
                .containsEntry("PGHOST", "db-1.example.com,db-2.example.com")
                .containsEntry("PGPORT", "5432,5433")
                .containsEntry("PGTARGETSESSIONATTRS", "read-write");
    }

    @Test
    void runsNoneOfThemItself() {
        assertThat(MANIFESTS.ofKind("StatefulSet")).isEmpty();
        assertThat(MANIFESTS.all().stream().map(Manifests::id)).noneMatch(id -> id.endsWith("/vitrina-redis"));
    }

    @Test
    void letsThroughToTheirPorts() {
        assertThat(MANIFESTS
                        .one("NetworkPolicy", "vitrina-cart")
                        .at("/spec/egress")
                        .toString())
                .contains("\"port\":5432", "\"port\":5433", "\"port\":26379", "\"port\":6379");
        assertThat(MANIFESTS
                        .one("NetworkPolicy", "vitrina-bff")
                        .at("/spec/egress")
                        .toString())
                .contains("\"port\":26379", "\"port\":6379");
    }

    @Test
    void refusesARedisElsewhereWithoutItsSecretOrForReplicasInPods() {
        for (Map.Entry<String, String> wrong : Map.of(
                        "redis.existingSecret=", "redis.existingSecret is missing",
                        "services.cart.cache.topology=sidecar-replica",
                                "services.cart.cache.topology is sidecar-replica")
                .entrySet()) {
            assertThatThrownBy(CHART.with(wrong.getKey())::text).hasMessageContaining(wrong.getValue());
        }
    }
}
