package org.vitrina.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;

/** Makes the caches of the configured topology and says how they fare. */
@ApplicationScoped
public class Caches {
    private final CacheConfig config;
    private final MeterRegistry registry;
    private final Map<String, CacheCounters> counters = new ConcurrentSkipListMap<>();

    @Inject
    Caches(CacheConfig config, MeterRegistry registry) {
        this.config = config;
        this.registry = registry;
    }

    /** One cache a name and process: a second call with the same name is a mistake. */
    public <V> Cache<V> create(CacheSpec<V> spec) {
        CacheCounters own = new CacheCounters();
        if (counters.putIfAbsent(spec.name(), own) != null) {
            throw new IllegalStateException("there is a cache named " + spec.name() + " already");
        }
        if (config.topology() == CacheConfig.Topology.OFF) {
            return new PassThrough<>();
        }
        own.export(registry, spec.name());
        return new ReadThrough<>(
                spec, store(spec, own), own, () -> ThreadLocalRandom.current().nextDouble(), config.loadLimit());
    }

    public CacheStatus status() {
        return new CacheStatus(
                config.topology().name().toLowerCase(Locale.ROOT),
                0,
                0,
                false,
                counters.entrySet().stream()
                        .map(each -> each.getValue().status(each.getKey()))
                        .toList());
    }

    private <V> Store<V> store(CacheSpec<V> spec, CacheCounters own) {
        return switch (config.topology()) {
            case OFF -> throw new IllegalStateException("topology off keeps nothing");
            case MEMORY, SIDECAR ->
                new MemoryStore<>(
                        spec,
                        Math.min(spec.maxEntries(), config.memory().maxEntries()),
                        Math.min(spec.maxBytes(), config.memory().maxBytes().asLongValue()),
                        Ticker.systemTicker(),
                        own);
        };
    }
}
