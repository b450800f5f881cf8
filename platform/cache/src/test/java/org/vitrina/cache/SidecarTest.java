package org.vitrina.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.impl.VertxInternal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vitrina.cache.Cache.Many;
import org.vitrina.cache.Cached.Origin;
import org.vitrina.servers.RedisServer;
import org.vitrina.testing.proxy.Fault;
import org.vitrina.testing.proxy.FaultProxy;

/**
 * The topology sidecar against a real Redis that is broken in every way we know. Counters are asserted rather than
 * milliseconds, and those with much room: the machine may be busy.
 */
@Timeout(60)
class SidecarTest {
    private static final int LOOPS = 2;
    private static final AtomicInteger NAMES = new AtomicInteger();
    /** One look-up and its load, however busy the machine is; a hung one would take for ever. */
    private static final Duration AT_MOST = Duration.ofSeconds(5);

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(LOOPS));
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final AtomicInteger loads = new AtomicInteger();
    private final CacheSpec<String> spec = CacheSpec.named("things-" + NAMES.incrementAndGet(), Texts.CODEC)
            .withTtl(Duration.ofSeconds(30))
            .withMaxStale(Duration.ofMinutes(10))
            .withNegativeTtl(Duration.ofSeconds(30));

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    // ---- what it does

    @Test
    void sharesCopiesBetweenProcessesAndKeepsThemApartByPrefixNameAndVersion() throws Exception {
        String url = RedisServer.shared().url();
        Cache<String> one = cache(url, spec);
        awaitConnected(one);
        assertThat(get(one, "a", "1").origin()).isEqualTo(Origin.LOADED);
        awaitKept(one, "a");
        assertThat(raw(RedisServer.shared().port(), "EXISTS vitrina:" + spec.name() + ":v1:a"))
                .isEqualTo(":1");

        Cache<String> other = cache(url, spec);
        awaitKept(other, "a");
        assertThat(get(other, "a", "2").value()).isEqualTo("1");
        assertThat(get(cache(url, spec.withSchemaVersion(2)), "a", "3").value()).isEqualTo("3");
        assertThat(get(cache(url, spec, "vitrina.cache.key-prefix", "else"), "a", "4")
                        .value())
                .isEqualTo("4");
    }

    @Test
    void asksRedisOnceForManyKeys() {
        FaultProxy proxy = proxy();
        Caches caches = caches(url(proxy));
        Cache<String> cache = caches.create(spec);
        List<String> keys = IntStream.range(0, 100).mapToObj(i -> "k" + i).toList();
        awaitConnected(cache);
        assertThat(all(cache, keys).found()).hasSize(100);
        await().atMost(AT_MOST)
                .until(() -> cache.staleAll(keys).await().atMost(AT_MOST).size() == 100);
        // writes have been answered, nothing is under way any more
        proxy.forget();
        loads.set(0);

        Many<String> many = all(cache, keys);

        assertThat(many.found().values()).extracting(Cached::origin).containsOnly(Origin.FRESH);
        assertThat(new ArrayList<>(many.found().keySet())).isEqualTo(keys);
        assertThat(many.found().values()).extracting(Cached::value).containsExactlyElementsOf(keys);
        assertThat(loads).hasValue(0);
        assertThat(proxy.requests()).isEqualTo(1);
        assertThat(proxy.openConnections()).isEqualTo(LOOPS);
    }

    @Test
    void remembersWhatDoesNotExistAndForgetsWhatIsInvalidated() {
        Cache<String> cache = cache(RedisServer.shared().url(), spec);
        awaitConnected(cache);
        Supplier<Uni<String>> nothing = () -> {
            loads.incrementAndGet();
            return Uni.createFrom().nullItem();
        };
        await().atMost(AT_MOST).until(() -> {
            loads.set(0);
            return cache.get("none", nothing).await().atMost(AT_MOST) == null && loads.get() == 0;
        });

        get(cache, "b", "1");
        awaitKept(cache, "b");
        cache.invalidate("b").await().atMost(AT_MOST);
        await().atMost(AT_MOST).until(() -> cache.stale("b").await().atMost(AT_MOST) == null);
    }

    @Test
    void servesAStaleCopyFoundByTheSameLookUp() {
        Cache<String> cache = cache(RedisServer.shared().url(), spec.withTtl(Duration.ofMillis(1)));
        await().atMost(AT_MOST).until(() -> {
            get(cache, "a", "1");
            return cache.stale("a").await().atMost(AT_MOST) != null;
        });
        await().atMost(AT_MOST)
                .until(() -> cache.stale("a").await().atMost(AT_MOST).origin() == Origin.STALE);

        Cached<String> stale = cache.get("a", () -> Uni.createFrom().failure(new IllegalStateException("down")))
                .await()
                .atMost(AT_MOST);

        assertThat(stale.value()).isEqualTo("1");
        assertThat(stale.origin()).isEqualTo(Origin.STALE);
        assertThat(stale.age()).isPositive();
    }

    @Test
    void takesForeignValuesUnderItsKeysForMisses() throws Exception {
        Cache<String> cache = cache(RedisServer.shared().url(), spec);
        awaitConnected(cache);
        raw(RedisServer.shared().port(), "SET vitrina:" + spec.name() + ":v1:a rubbish");
        raw(RedisServer.shared().port(), "LPUSH vitrina:" + spec.name() + ":v1:b rubbish");

        assertThat(all(cache, List.of("a", "b")).found().values())
                .extracting(Cached::origin)
                .containsOnly(Origin.LOADED);
    }

    @Test
    void speaksThroughAUnixSocket(@TempDir Path folder) {
        Path socket = folder.resolve("r.sock");
        open(RedisServer.start("--unixsocket", socket.toString()));
        Cache<String> cache = cache("unix://" + socket, spec);
        get(cache, "a", "1");
        awaitConnected(cache);
    }

    @Test
    void signsInAndSelectsItsDatabase() throws Exception {
        RedisServer redis = open(RedisServer.start("--user", "app", "on", ">secret", "~*", "&*", "+@all"));
        Cache<String> cache = cache("redis://app:secret@127.0.0.1:" + redis.port() + "/1", spec);
        awaitConnected(cache);

        assertThat(raw(redis.port(), "DBSIZE")).isEqualTo(":0");
    }

    @Test
    void doesNotUseARedisThatRefusesItsPassword() {
        RedisServer redis = open(RedisServer.start("--user", "app", "on", ">secret", "~*", "&*", "+@all"));
        Caches caches = caches("redis://app:wrong@127.0.0.1:" + redis.port());
        Cache<String> cache = caches.create(spec);

        assertThat(get(cache, "a", "1").value()).isEqualTo("1");
        // the default user may do all in this server, so the look-up itself is answered: nothing is lost
        assertThat(caches.status().timeouts()).isZero();
    }

    @Test
    void carriesThousandsOfLookUpsAtOnce() {
        Caches caches = caches(RedisServer.shared().url());
        Cache<String> cache = caches.create(spec);
        awaitConnected(cache);
        List<CompletableFuture<Cached<String>>> all = new ArrayList<>();
        for (int loop = 0; loop < LOOPS; loop++) {
            Context context = loop();
            for (int i = 0; i < 2_000; i++) {
                String key = "k" + i;
                all.add(onLoop(context, () -> cache.get(key, loader(key))));
            }
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();

        assertThat(all).allSatisfy(each -> assertThat(each.join().value()).startsWith("k"));
        assertThat(caches.status().bypasses()).isZero();
    }

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

    // ---- helpers

    /** A context on the next of the event loops. */
    private Context loop() {
        return ((VertxInternal) vertx).createEventLoopContext();
    }

    private static void block(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private <T extends AutoCloseable> T open(T resource) {
        opened.add(resource);
        return resource;
    }

    private FaultProxy proxy() {
        return open(FaultProxy.redis(RedisServer.shared().port()));
    }

    private static String url(FaultProxy proxy) {
        return "redis://127.0.0.1:" + proxy.port();
    }

    private Cache<String> cache(String url, CacheSpec<String> of, String... settings) {
        return caches(url, settings).create(of);
    }

    private Caches caches(String url, String... settings) {
        List<String> all = new ArrayList<>(List.of("vitrina.cache.redis.url", url));
        all.addAll(List.of(settings));
        Caches caches = new Caches(Settings.of(all.toArray(String[]::new)), new SimpleMeterRegistry(), vertx);
        caches.start(new StartupEvent());
        opened.add(caches::stop);
        return caches;
    }

    private Supplier<Uni<String>> loader(String value) {
        return () -> {
            loads.incrementAndGet();
            return Uni.createFrom().item(value);
        };
    }

    private Cached<String> get(Cache<String> cache, String key, String value) {
        return cache.get(key, loader(value)).await().atMost(AT_MOST);
    }

    private Many<String> all(Cache<String> cache, List<String> keys) {
        return cache.getAll(keys, missing -> {
                    loads.incrementAndGet();
                    Map<String, String> answer = new LinkedHashMap<>();
                    missing.forEach(key -> answer.put(key, key));
                    return Uni.createFrom().item(answer);
                })
                .await()
                .atMost(AT_MOST);
    }

    private static <T> CompletableFuture<T> onLoop(Context context, Supplier<Uni<T>> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        context.runOnContext(
                v -> work.get().subscribe().with(result::complete, failure -> result.completeExceptionally(failure)));
        return result;
    }

    /** Until both loops read from Redis what was written to it. */
    private void awaitConnected(Cache<String> cache) {
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            boolean fresh = true;
            for (int i = 0; i < 2 * LOOPS; i++) {
                fresh &= get(cache, "connected?", "yes").origin() == Origin.FRESH;
            }
            return fresh;
        });
    }

    private static void awaitKept(Cache<String> cache, String key) {
        await().atMost(AT_MOST).until(() -> cache.stale(key).await().atMost(AT_MOST) != null);
    }

    private static String raw(int port, String command) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            StringBuilder line = new StringBuilder();
            for (int each = socket.getInputStream().read(); each != '\r' && each >= 0; ) {
                line.append((char) each);
                each = socket.getInputStream().read();
            }
            return line.toString();
        }
    }
}
