package org.vitrina.cache;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.impl.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.vitrina.cache.Cache.Many;
import org.vitrina.cache.Cached.Origin;
import org.vitrina.servers.RedisServer;
import org.vitrina.testing.proxy.FaultProxy;

/** A cache in Redis: what its tests do and look at. */
abstract class SidecarSuite {
    static final int LOOPS = 2;
    static final AtomicInteger NAMES = new AtomicInteger();

    /** One look-up and its load, however busy the machine is; a hung one would take for ever. */
    static final Duration AT_MOST = Duration.ofSeconds(5);

    final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(LOOPS));
    final List<AutoCloseable> opened = new ArrayList<>();
    final AtomicInteger loads = new AtomicInteger();

    final CacheSpec<String> spec = CacheSpec.named("things-" + NAMES.incrementAndGet(), Texts.CODEC)
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

    // ---- helpers

    /** A context on the next of the event loops. */
    Context loop() {
        return ((VertxInternal) vertx).createEventLoopContext();
    }

    <T extends AutoCloseable> T open(T resource) {
        opened.add(resource);
        return resource;
    }

    FaultProxy proxy() {
        return open(FaultProxy.redis(RedisServer.shared().port()));
    }

    static String url(FaultProxy proxy) {
        return "redis://127.0.0.1:" + proxy.port();
    }

    Cache<String> cache(String url, CacheSpec<String> of, String... settings) {
        return caches(url, settings).create(of);
    }

    Caches caches(String url, String... settings) {
        List<String> all = new ArrayList<>(List.of("vitrina.cache.redis.url", url));
        all.addAll(List.of(settings));
        Caches caches = new Caches(Settings.of(all.toArray(String[]::new)), new SimpleMeterRegistry(), vertx);
        caches.start(new StartupEvent());
        opened.add(caches::stop);
        return caches;
    }

    Supplier<Uni<String>> loader(String value) {
        return () -> {
            loads.incrementAndGet();
            return Uni.createFrom().item(value);
        };
    }

    Cached<String> get(Cache<String> cache, String key, String value) {
        return cache.get(key, loader(value)).await().atMost(AT_MOST);
    }

    Many<String> all(Cache<String> cache, List<String> keys) {
        return cache.getAll(keys, missing -> {
                    loads.incrementAndGet();
                    Map<String, String> answer = new LinkedHashMap<>();
                    missing.forEach(key -> answer.put(key, key));
                    return Uni.createFrom().item(answer);
                })
                .await()
                .atMost(AT_MOST);
    }

    static <T> CompletableFuture<T> onLoop(Context context, Supplier<Uni<T>> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        context.runOnContext(
                v -> work.get().subscribe().with(result::complete, failure -> result.completeExceptionally(failure)));
        return result;
    }

    /** Until both loops read from Redis what was written to it. */
    void awaitConnected(Cache<String> cache) {
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            boolean fresh = true;
            for (int i = 0; i < 2 * LOOPS; i++) {
                fresh &= get(cache, "connected?", "yes").origin() == Origin.FRESH;
            }
            return fresh;
        });
    }
}
