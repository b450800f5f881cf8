package org.vitrina.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.redis.client.Redis;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vitrina.core.ProblemException;
import org.vitrina.runtime.Draining;
import org.vitrina.servers.RedisServer;

/** Two replicas of the registry on one Redis that goes and comes. Each looks into Redis when a test says so. */
class RegistryPairTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Vertx vertx = Vertx.vertx();
    private final RedisServer redis = RedisServer.start();
    private RegistryService one = replica(Duration.ofMinutes(1));
    private RegistryService other = replica(Duration.ofMinutes(1));

    @BeforeEach
    void begin() {
        look(one);
        look(other);
    }

    @AfterEach
    void close() {
        redis.close();
        vertx.closeAndAwait();
    }

    private RegistryService replica(Duration ttl) {
        Draining never = new Draining() {
            @Override
            public boolean begun() {
                return false;
            }

            @Override
            public Uni<Void> whenBegun() {
                return Uni.createFrom().nothing();
            }
        };
        return new RegistryService(
                new SharedStore(Redis.createClient(vertx, redis.url()), new ObjectMapper(), Duration.ofSeconds(2)),
                never,
                ttl);
    }

    private static Instance instance(String id) {
        return new Instance(id, "127.0.0.1", 81, "", 100, "");
    }

    private static void register(RegistryService registry, String id) {
        registry.register("cart", instance(id)).await().atMost(LIMIT);
    }

    private static void look(RegistryService registry) {
        registry.synchronise().await().atMost(LIMIT);
    }

    private static List<String> ids(RegistryService registry) {
        return registry.instances("cart").instances().stream().map(Instance::id).toList();
    }

    @Test
    void answerAsOne() {
        register(one, "a");
        register(other, "b");
        look(one);
        look(other);
        assertThat(ids(one)).containsExactly("a", "b").isEqualTo(ids(other));

        other.deregister("cart", "a").await().atMost(LIMIT);
        look(one);
        assertThat(ids(one)).containsExactly("b");

        one.deregister("cart", "b").await().atMost(LIMIT);
        look(other);
        assertThat(ids(other)).isEmpty();
    }

    @Test
    void whatIsRenewedWithTheOtherStays() {
        RegistryService quick = replica(Duration.ofSeconds(1));
        look(quick);
        register(quick, "a");
        register(other, "a"); // for a minute
        await().during(Duration.ofMillis(1500)).atMost(LIMIT).until(() -> {
            look(quick);
            return ids(quick).equals(List.of("a"));
        });
    }

    @Test
    void goOnWithoutRedisAndTellWhatTheyKnewWhenItIsBackAndEmpty() {
        register(one, "a");
        register(other, "b");
        look(one);
        look(other);
        redis.kill();

        register(one, "c");
        one.deregister("cart", "b").await().atMost(LIMIT);
        look(one);
        assertThat(ids(one)).containsExactly("a", "c");

        redis.restart();
        await().atMost(LIMIT).ignoreExceptions().untilAsserted(() -> {
            look(one);
            look(other);
            assertThat(ids(one)).contains("a", "c").isEqualTo(ids(other));
        });
    }

    @Test
    void aNewRegistryWithoutRedisKnowsNothingAndSaysSo() {
        register(one, "a");
        redis.kill();
        RegistryService fresh = replica(Duration.ofMinutes(1));
        look(fresh);
        assertThatThrownBy(() -> fresh.instances("cart")).isInstanceOf(ProblemException.class);

        redis.restart();
        await().atMost(LIMIT).ignoreExceptions().untilAsserted(() -> {
            look(one);
            look(fresh);
            assertThat(ids(fresh)).containsExactly("a");
        });
    }

    @Test
    void aKeptListSaysItsAge() {
        register(one, "a");
        assertThat(one.instances("cart").age()).isZero();
        redis.kill();
        look(one);
        assertThat(one.instances("cart").age()).isPositive();
    }
}
