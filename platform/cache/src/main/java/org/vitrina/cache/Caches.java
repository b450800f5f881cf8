package org.vitrina.cache;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the caches of the configured topology and says how they fare. */
@ApplicationScoped
public class Caches {
    private final CacheConfig config;
    private final MeterRegistry registry;
    private final Map<String, CacheCounters> counters = new ConcurrentSkipListMap<>();
    private final Backend backend;
    private final LoadClock clock;

    @Inject
    Caches(CacheConfig config, MeterRegistry registry, Vertx vertx) {
        this.config = config;
        this.registry = registry;
        this.backend = new Backend(vertx, config);
        this.clock = clock(vertx);
    }

    /** Connects, without waiting for it: the first request may find the copies of a process before this one. */
    void start(@Observes StartupEvent event) {
        backend.start(registry);
    }

    @PreDestroy
    void stop() {
        backend.stop();
    }

    /** One cache a name and process: a second call with the same name is a mistake. */
    public <V> Cache<V> create(CacheSpec<V> spec) {
        return create(spec, () -> null);
    }

    /**
     * As {@link #create(CacheSpec)}, for loads that may be hopeless.
     *
     * @param refusal why nobody is to wait now for a load that another call has begun, such as that a circuit has opened
     *     since; null while one may
     */
    public <V> Cache<V> create(CacheSpec<V> spec, Supplier<? extends @Nullable Throwable> refusal) {
        CacheCounters own = new CacheCounters();
        if (counters.putIfAbsent(spec.name(), own) != null) {
            throw new IllegalStateException("there is a cache named " + spec.name() + " already");
        }
        if (config.topology() == CacheConfig.Topology.OFF) {
            return new PassThrough<>();
        }
        own.export(registry, spec.name());
        return new ReadThrough<>(
                spec,
                backend.store(spec, own),
                own,
                () -> ThreadLocalRandom.current().nextDouble(),
                new LoadTimes(config.loadLimit(), config.waitForFresh()),
                clock,
                refusal);
    }

    private static LoadClock clock(Vertx vertx) {
        return new LoadClock() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public Runnable after(long millis, Runnable step) {
                long timer = vertx.setTimer(millis, fired -> step.run());
                return () -> vertx.cancelTimer(timer);
            }
        };
    }

    public CacheStatus status() {
        List<CacheStatus.OneCache> each = counters.entrySet().stream()
                .map(cache -> cache.getValue().status(cache.getKey()))
                .toList();
        return backend.status(each);
    }
}
