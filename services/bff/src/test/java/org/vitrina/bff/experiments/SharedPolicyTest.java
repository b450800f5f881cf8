package org.vitrina.bff.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vitrina.bff.ExperimentsConfig;
import org.vitrina.bff.SessionConfig;
import org.vitrina.bff.session.SharedState;
import org.vitrina.core.ProblemException;
import org.vitrina.servers.RedisServer;

/** Two replicas over one Redis, which may be away or come back empty. */
class SharedPolicyTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Instant now = Instant.now();
    private final Vertx vertx = Vertx.vertx();
    private final RedisServer redis = RedisServer.start();
    private final ObjectMapper json =
            JsonMapper.builder().addModule(new JavaTimeModule()).build();
    private final Replica one = new Replica(redis.url());
    private final Replica two = new Replica(redis.url());

    @AfterEach
    void close() throws Exception {
        redis.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** What a process of the BFF has of experiments. */
    private final class Replica {
        private final SharedPolicy policy;
        private final Exposures exposures;
        private final ExperimentSync sync;

        Replica(@Nullable String url) {
            SmallRyeConfigBuilder config = new SmallRyeConfigBuilder()
                    .addDiscoveredConverters()
                    .withMapping(SessionConfig.class)
                    .withMapping(ExperimentsConfig.class)
                    .withDefaultValue("vitrina.session.redis-timeout", "1s");
            if (url != null) {
                config.withDefaultValue("vitrina.session.redis-url", url);
            }
            var read = config.build();
            SharedState shared = new SharedState(vertx, read.getConfigMapping(SessionConfig.class));
            policy = new SharedPolicy(shared, json, System::nanoTime);
            exposures = new Exposures(shared);
            sync = new ExperimentSync(
                    policy,
                    exposures,
                    shared,
                    read.getConfigMapping(ExperimentsConfig.class),
                    new SimpleMeterRegistry());
        }

        Replica synced() {
            sync.work().await().atMost(LONG);
            return this;
        }

        Policy changed(UnaryOperator<Policy> change) {
            return policy.change(change).await().atMost(LONG);
        }

        Experiment order() {
            return Objects.requireNonNull(policy.now().named("order"));
        }

        Tally.Counts newest() {
            return exposures.tally(order()).of("newest");
        }
    }

    private Experiment experiment(int share) {
        return new Experiment(
                "order",
                "products",
                new TreeMap<>(Map.of("default", 100 - share, "newest", share)),
                now,
                now.plusSeconds(3600),
                null,
                Guard.USUAL);
    }

    private UnaryOperator<Policy> putting(int share) {
        return before -> before.with("order", experiment(share), "7", null, now);
    }

    @Test
    void whatOneReplicaDecidesTheOtherLearnsAndOneStartedLaterToo() {
        one.changed(putting(30));

        assertThat(two.synced().policy.now()).isEqualTo(one.policy.now());
        Replica later = new Replica(redis.url()).synced();
        assertThat(later.policy.now()).isEqualTo(one.policy.now());
        for (int user = 1; user <= 1000; user++) {
            assertThat(later.order().variantOf(user)).isEqualTo(one.order().variantOf(user));
        }
    }

    @Test
    void aChangeOfWhatAnotherHasChangedMeanwhileIsOnTopOfIt() {
        one.changed(putting(30));
        two.changed(putting(40));

        assertThat(two.order().shares()).containsEntry("newest", 40);
        assertThat(two.policy.now().history())
                .extracting(change ->
                        change.from() == null ? 0 : change.from().shares().getOrDefault("newest", 0))
                .containsExactly(30, 0);
        assertThat(one.synced().policy.now()).isEqualTo(two.policy.now());
    }

    @Test
    void goesOnWithTheLastOneAndItsAgeWhileRedisIsAwayAndWritesItBackToAnEmptyOne() {
        one.changed(putting(30));
        two.synced();
        redis.kill();

        await().atMost(LONG).untilAsserted(() -> {
            two.synced();
            assertThat(two.policy.age()).isGreaterThan(Duration.ofMillis(1500));
        });
        assertThat(two.order().shares()).containsEntry("newest", 30);
        assertThatThrownBy(() -> two.changed(putting(40)))
                .isInstanceOf(ProblemException.class)
                .hasMessageStartingWith("Nothing was changed");
        assertThat(two.order().shares()).containsEntry("newest", 30);

        redis.restart();
        await().atMost(LONG).untilAsserted(() -> {
            two.synced();
            assertThat(two.policy.age()).isLessThan(Duration.ofSeconds(1));
        });
        Replica later = new Replica(redis.url());
        assertThat(later.synced().policy.now()).isEqualTo(two.policy.now());
    }

    @Test
    void aGuardStopsAVariantHereWhileNobodyCanBeToldAndThereAsSoonAsTheyCan() {
        one.changed(putting(30));
        one.synced();
        two.synced();
        redis.freeze();
        for (int i = 0; i < 200; i++) {
            one.exposures.tally(one.order()).add("newest", Tally.Kind.CALLS, 1);
            one.exposures.tally(one.order()).add("newest", Tally.Kind.ERRORS, 1);
        }

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(one.synced().order().stopped()).isNotNull());
        assertThat(two.synced().order().stopped()).isNull();

        redis.thaw();
        await().atMost(LONG).untilAsserted(() -> {
            one.synced();
            assertThat(two.synced().order().stopped())
                    .isEqualTo("newest: 200 of 200 calls failed, which is more than 5.00 %.");
        });
        assertThat(two.policy.now().history().getFirst().by()).isEqualTo("guard");
        assertThat(two.policy.now()).isEqualTo(one.policy.now());
    }

    @Test
    void aUserAndTheirOrdersCountOnceAtTwoReplicas() {
        one.changed(putting(100));
        two.synced();
        for (int i = 0; i < 3; i++) {
            for (Replica each : new Replica[] {one, two}) {
                each.exposures.exposed(each.order(), "newest", 5);
                each.exposures.ordered(each.order(), "newest", 5);
                each.exposures.ordered(each.order(), "newest", 6);
            }
        }
        two.exposures.exposed(two.order(), "newest", 8);

        await().atMost(LONG).untilAsserted(() -> {
            one.synced();
            two.synced();
            one.synced();
            for (Replica each : new Replica[] {one, two}) {
                assertThat(each.newest().of(Tally.Kind.EXPOSED)).isEqualTo(2);
                assertThat(each.newest().of(Tally.Kind.ORDERED)).isEqualTo(1);
            }
        });
    }

    @Test
    void whatCouldNotBeToldIsToldLater() {
        one.changed(putting(100));
        two.synced();
        one.exposures.tally(one.order()).add("newest", Tally.Kind.CALLS, 3);
        redis.kill();
        one.synced();
        assertThat(one.newest().of(Tally.Kind.CALLS)).isEqualTo(3);
        one.exposures.tally(one.order()).add("newest", Tally.Kind.CALLS, 4);
        redis.restart();

        await().atMost(LONG).untilAsserted(() -> {
            one.synced();
            assertThat(two.synced().newest().of(Tally.Kind.CALLS)).isEqualTo(7);
        });
    }

    @Test
    void withoutARedisAReplicaHasItsOwn() {
        Replica alone = new Replica(null);
        alone.changed(putting(30));
        alone.exposures.exposed(alone.order(), "newest", 5);
        alone.exposures.exposed(alone.order(), "newest", 5);
        alone.exposures.ordered(alone.order(), "newest", 5);

        assertThat(alone.synced().newest().of(Tally.Kind.EXPOSED)).isEqualTo(1);
        assertThat(alone.newest().of(Tally.Kind.ORDERED)).isEqualTo(1);
        assertThat(alone.policy.age()).isZero();
        assertThat(alone.policy.isShared()).isFalse();
    }
}
