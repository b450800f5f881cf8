package org.vitrina.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
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
    private static final int MOST = 1000;

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

    /** As one that is started again under its name does, where a balancer stands before the registries. */
    @Test
    void whoLeavesAtOneAndComesBackAtTheOtherIsListed() {
        register(one, "a");
        look(other);
        one.deregister("cart", "a").await().atMost(LIMIT);
        look(other);
        register(other, "a");
        look(one);
        assertThat(ids(one)).containsExactly("a").isEqualTo(ids(other));
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

    /** As many as there may be, and thousands more that may not: those there go on renewing, and Redis may lose them all. */
    @Test
    void aServiceHasAThousandReplicasThatRenewWhoeverElseWantsIn() {
        for (int i = 0; i < 10_000; i++) {
            String id = "r" + i;
            if (i < MOST) {
                register(one, id);
            } else {
                assertThatThrownBy(() -> one.register("cart", instance(id)))
                        .hasMessageContaining("at most 1000 replicas");
            }
        }
        register(one, "r0");
        one.register("wallet", instance("w")).await().atMost(LIMIT);
        look(other);
        assertThat(ids(other)).hasSize(MOST);

        redis.kill();
        look(one);
        redis.restart();
        RegistryService fresh = replica(Duration.ofMinutes(1));
        await().atMost(LIMIT).ignoreExceptions().untilAsserted(() -> {
            look(one);
            look(fresh);
            assertThat(ids(fresh)).hasSize(MOST);
        });
    }

    @Test
    void manyServicesAreReadInSteps() {
        for (int i = 0; i < MOST; i++) {
            one.register("s" + i, instance("a")).await().atMost(LIMIT);
        }
        assertThatThrownBy(() -> one.register("one-more", instance("a"))).hasMessageContaining("at most 1000 services");
        look(other);
        assertThat(other.services()).hasSize(MOST);
    }

    @Test
    void whatRedisLosesInTheMiddleIsThereAgain() {
        register(one, "a");
        register(other, "b");
        look(one);
        look(other);

        command(Command.FLUSHALL);
        look(one);
        look(other);
        look(one);

        assertThat(ids(one)).containsExactly("a", "b").isEqualTo(ids(other));
        RegistryService fresh = replica(Duration.ofMinutes(1));
        look(fresh);
        assertThat(ids(fresh)).containsExactly("a", "b");
    }

    /** A clock put on: what has registered here is believed by our own clock until it is due to renew. */
    @Test
    void aClockPutOnInRedisTakesNobodyOffWhoHasRegisteredHere() {
        register(one, "a");
        register(one, "b");
        look(other);
        command(Command.DEL, "vitrina:services:cart:a", "vitrina:services:cart:b");

        register(one, "c");
        look(other);
        look(one);
        look(other);

        assertThat(ids(one)).containsExactly("a", "b", "c").isEqualTo(ids(other));
        one.deregister("cart", "a").await().atMost(LIMIT);
        other.deregister("cart", "b").await().atMost(LIMIT);
        look(one);
        look(other);
        assertThat(ids(one)).containsExactly("c").isEqualTo(ids(other));
    }

    /** A clock put back: who does not renew is taken off by ours. */
    @Test
    void aClockPutBackInRedisKeepsNobody() {
        RegistryService quick = replica(Duration.ofMillis(500));
        register(one, "a");
        command(Command.PEXPIRE, "vitrina:services:cart:a", "3600000");
        look(quick);
        assertThat(ids(quick)).containsExactly("a");
        command(Command.PEXPIRE, "vitrina:services:cart:a", "1");
        await().atMost(LIMIT).untilAsserted(() -> {
            look(quick);
            assertThatThrownBy(() -> quick.instances("cart")).isInstanceOf(ProblemException.class);
        });
    }

    private void command(Command command, String... arguments) {
        Request request = Request.cmd(command);
        for (String argument : arguments) {
            request.arg(argument);
        }
        Redis.createClient(vertx, redis.url()).send(request).await().atMost(LIMIT);
    }
}
