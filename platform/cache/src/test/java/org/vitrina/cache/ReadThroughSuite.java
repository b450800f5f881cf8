package org.vitrina.cache;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vitrina.cache.Cache.Many;

/** A read-through cache on virtual time: what its tests do and look at. */
abstract class ReadThroughSuite {
    static {
        // Mutiny's first use fails where several threads make it at once
        Uni.createFrom().item(1).onItem().transform(one -> one).await().indefinitely();
    }

    static final Duration TTL = Duration.ofSeconds(5);
    static final Duration MAX_STALE = Duration.ofSeconds(30);
    static final Duration WAIT = Duration.ofMillis(100);
    static final LoadTimes TIMES = new LoadTimes(Duration.ofSeconds(5), WAIT);
    final IllegalStateException down = new IllegalStateException("down");
    final VirtualTime time = new VirtualTime();
    final CacheCounters counters = new CacheCounters();
    final AtomicInteger loads = new AtomicInteger();
    double random = 0;

    @Nullable
    Throwable refusal;

    final CacheSpec<String> spec = CacheSpec.named("things", Texts.CODEC)
            .withTtl(TTL)
            .withMaxStale(MAX_STALE)
            .withNegativeTtl(Duration.ofSeconds(1))
            .withTtlJitter(0.1)
            .withRefreshAhead(0.2);
    final MemoryStore<String> store = new MemoryStore<>(spec, 1000, 1 << 20, time, counters);
    final ReadThrough<String> cache =
            new ReadThrough<>(spec, store, counters, () -> random, TIMES, time, () -> refusal);

    // ---- helpers

    Cached<String> get(String key, Supplier<Uni<String>> loader) {
        return cache.get(key, loader).await().atMost(Duration.ofSeconds(5));
    }

    Many<String> all(List<String> keys, Function<List<String>, Uni<Map<String, String>>> loader) {
        return cache.getAll(keys, loader).await().atMost(Duration.ofSeconds(5));
    }

    Supplier<Uni<String>> loading(String value) {
        return () -> {
            loads.incrementAndGet();
            return Uni.createFrom().item(value);
        };
    }

    Supplier<Uni<String>> holding(List<UniEmitter<? super String>> held) {
        return () -> {
            loads.incrementAndGet();
            return Uni.createFrom().emitter(emitter -> held.add(emitter));
        };
    }

    Supplier<Uni<String>> failing(Throwable failure) {
        return () -> {
            loads.incrementAndGet();
            return Uni.createFrom().failure(failure);
        };
    }

    static Uni<Map<String, String>> fail() {
        throw new AssertionError("nothing was to be loaded");
    }

    static <T> UniAssertSubscriber<T> subscribe(Uni<T> uni) {
        return uni.subscribe().withSubscriber(UniAssertSubscriber.create());
    }
}
