package org.vitrina.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vitrina.cache.Cache.Many;
import org.vitrina.cache.Cached.Origin;
import org.vitrina.servers.RedisServer;
import org.vitrina.testing.proxy.Fault;
import org.vitrina.testing.proxy.FaultProxy;

/** What the cache does while Redis is slow, away, full or talks nonsense. */
@Timeout(60)
class SidecarFaultTest extends SidecarSuite {
    // ---- what it survives

    @Test
    void losesFiveLookUpsToAFrozenRedisAndFindsItAgain() {
        RedisServer redis = open(RedisServer.start());
        Caches caches = caches(redis.url());
        Cache<String> cache = caches.create(spec);
        awaitConnected(cache);
        redis.freeze();
        try {
            long end = System.nanoTime() + AT_MOST.toNanos();
            for (int i = 0; !caches.status().bypassed() && System.nanoTime() < end; i++) {
                assertThat(get(cache, "a" + i, "1").value()).isEqualTo("1");
            }
            CacheStatus status = caches.status();
            // five one after the other; fewer where this thread was slow to ask again, for silence counts too; one
            // more where the fifth and the sixth met different lanes
            assertThat(status.timeouts()).isBetween(1L, 6L);
            assertThat(status.bypasses()).isEqualTo(1);

            long before = System.nanoTime();
            for (int i = 0; i < 200; i++) {
                get(cache, "b" + i, "1");
            }
            // 15 ms each would be three seconds
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
            assertThat(caches.status().timeouts()).isEqualTo(status.timeouts());
            assertThat(caches.status().skipped()).isGreaterThanOrEqualTo(200);
        } finally {
            redis.thaw();
        }
        awaitConnected(cache);
        assertThat(caches.status().bypasses()).isEqualTo(1);
        assertThat(caches.status().bypassed()).isFalse();
    }

    @Test
    void makesOnlyThoseWaitForAFrozenRedisWhoAskedTogether() {
        RedisServer redis = open(RedisServer.start());
        Caches caches = caches(redis.url());
        Cache<String> cache = caches.create(spec);
        awaitConnected(cache);
        Context context = loop();
        redis.freeze();
        try {
            List<CompletableFuture<Cached<String>>> all = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                String key = "k" + i;
                all.add(onLoop(context, () -> cache.get(key, loader(key))));
            }
            all.forEach(CompletableFuture::join);
            assertThat(caches.status().timeouts()).isEqualTo(100);
            onLoop(context, () -> cache.get("later", loader("later"))).join();
            assertThat(caches.status().timeouts()).isEqualTo(100);
            await().atMost(AT_MOST).until(() -> caches.status().bypassed());
        } finally {
            redis.thaw();
        }
        awaitConnected(cache);
    }

    @Test
    void doesNotPutAsideARedisThatHiccups() throws Exception {
        RedisServer redis = open(RedisServer.start());
        // a longer time-out, that the hiccup is safely one of a single window on a busy machine
        Caches caches = caches(redis.url(), "vitrina.cache.timeout", "200ms");
        Cache<String> cache = caches.create(spec);
        awaitConnected(cache);
        Context context = loop();
        List<CompletableFuture<Cached<String>>> all = new ArrayList<>();
        redis.freeze();
        try {
            for (int i = 0; i < 100; i++) {
                String key = "k" + i;
                all.add(onLoop(context, () -> cache.get(key, loader(key))));
            }
            await().atMost(AT_MOST).until(() -> caches.status().timeouts() == 100);
        } finally {
            redis.thaw();
        }
        all.forEach(CompletableFuture::join);
        awaitConnected(cache);
        assertThat(caches.status().bypasses()).isZero();
    }

    @Test
    void whileRedisIsFrozenAHangingLoaderIsWaitedForAsWithoutACopy() {
        RedisServer redis = open(RedisServer.start());
        Caches caches = caches(redis.url());
        Cache<String> cache = caches.create(spec.withTtl(Duration.ofMillis(1)));
        await().atMost(AT_MOST).until(() -> {
            get(cache, "a", "1");
            return cache.stale("a").await().atMost(AT_MOST) != null;
        });
        Supplier<Uni<String>> hanging = () -> Uni.createFrom()
                .<String>nothing()
                .ifNoItem()
                .after(Duration.ofMillis(300))
                .failWith(() -> new IllegalStateException("hangs"));
        redis.freeze();
        try {
            for (int i = 0; i < 3; i++) {
                Throwable failure = cache.get("a", hanging)
                        .onItemOrFailure()
                        .transform((item, failed) -> failed)
                        .await()
                        .atMost(AT_MOST);
                assertThat(failure).hasMessage("hangs");
            }
            assertThat(get(cache, "a", "2").value()).isEqualTo("2");
        } finally {
            redis.thaw();
        }
        await().atMost(AT_MOST)
                .until(() -> cache.get("a", hanging)
                                .onFailure()
                                .recoverWithNull()
                                .await()
                                .atMost(AT_MOST)
                        != null);
    }

    @Test
    void outlivesAKilledRedisAndUsesTheRestartedOne() {
        RedisServer redis = open(RedisServer.start());
        Caches caches = caches(redis.url());
        Cache<String> cache = caches.create(spec);
        awaitConnected(cache);
        redis.kill();
        for (int i = 0; i < 100; i++) {
            assertThat(get(cache, "a" + i, "1").value()).isEqualTo("1");
        }
        await().atMost(AT_MOST).until(() -> caches.status().bypassed());
        assertThat(caches.status().timeouts()).isZero();
        redis.restart();
        awaitConnected(cache);
        assertThat(caches.status().bypassed()).isFalse();
    }

    @Test
    void startsWithoutRedis() {
        RedisServer redis = open(RedisServer.start());
        redis.kill();
        Caches caches = caches(redis.url());
        Cache<String> cache = caches.create(spec);
        assertThat(get(cache, "a", "1").value()).isEqualTo("1");
        redis.restart();
        awaitConnected(cache);
    }

    @Test
    void goesOnReadingFromAFullRedis() {
        RedisServer redis = open(RedisServer.start("--maxmemory", "1"));
        Caches caches = caches(redis.url());
        Cache<String> cache = caches.create(spec);
        for (int i = 0; i < 50; i++) {
            assertThat(get(cache, "k" + i, "v" + i)).isEqualTo(Cached.loaded("v" + i));
        }
        assertThat(caches.status().bypasses()).isZero();
    }

    static Stream<Fault> faults() {
        return Stream.of(
                Fault.GARBAGE,
                Fault.TRUNCATED,
                Fault.RESET,
                Fault.REFUSED,
                Fault.HANGS,
                Fault.redisLoading(),
                Fault.redisOutOfMemory(),
                Fault.late(Duration.ofMillis(200)),
                Fault.flapping(Duration.ofMillis(100)));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void failsNoRequestWhateverRedisSays(Fault fault) {
        FaultProxy proxy = proxy();
        Caches caches = caches(url(proxy));
        Cache<String> cache = caches.create(spec);
        awaitConnected(cache);
        proxy.inject(fault);
        for (int i = 0; i < 60; i++) {
            String value = "v" + i;
            assertThat(get(cache, "k" + i, value).value()).isEqualTo(value);
            Many<String> many = all(cache, List.of("m" + i, "n" + i));
            assertThat(many.found()).hasSize(2);
            assertThat(many.failure()).isNull();
        }
        // bounded by what it takes to put Redis aside, a few times at most: not by the number of look-ups
        assertThat(caches.status().timeouts()).isLessThan(40);
        proxy.heal();
        awaitConnected(cache);
        await().atMost(AT_MOST).until(() -> proxy.openConnections() == LOOPS);
    }

    // ---- what it does not hold against Redis

    @Test
    void neverPutsAHealthyRedisAsideForOurOwnDelay() throws Exception {
        Caches caches = caches(RedisServer.shared().url());
        Cache<String> cache = caches.create(spec);
        awaitConnected(cache);
        List<Context> contexts = IntStream.range(0, LOOPS).mapToObj(i -> loop()).toList();
        for (Context context : contexts) {
            context.runOnContext(v -> vertx.setPeriodic(5, id -> block(Duration.ofMillis(30))));
        }
        int fresh = 0;
        for (int round = 0; round < 40; round++) {
            List<CompletableFuture<Cached<String>>> all = new ArrayList<>();
            for (Context context : contexts) {
                for (int i = 0; i < 25; i++) {
                    all.add(onLoop(context, () -> cache.get("hot", loader("hot"))));
                }
            }
            for (CompletableFuture<Cached<String>> each : all) {
                fresh += each.get(20, TimeUnit.SECONDS).origin() == Origin.FRESH ? 1 : 0;
            }
        }
        assertThat(caches.status().bypasses()).isZero();
        // nearly all were answered by Redis although every loop was late all the time
        assertThat(fresh).isGreaterThan(40 * LOOPS * 25 * 9 / 10);
    }

    private static void block(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
