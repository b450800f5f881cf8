package org.vitrina.cache;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** What became of look-ups outside the process, over all the servers (or the folder) that were asked. */
final class RemoteCounters {
    final LongAdder bypasses = new LongAdder();
    final LongAdder timeouts = new LongAdder();
    final LongAdder skipped = new LongAdder();
    final LongAdder errors = new LongAdder();
    final LongAdder droppedWrites = new LongAdder();
    /** Of each server that is asked at present. */
    final List<Bypass> servers = new CopyOnWriteArrayList<>();

    CacheStatus status(String topology, List<CacheStatus.OneCache> caches) {
        return new CacheStatus(
                topology,
                timeouts.sum(),
                skipped.sum(),
                errors.sum(),
                droppedWrites.sum(),
                bypasses.sum(),
                bypassed() > 0,
                caches);
    }

    private long bypassed() {
        return servers.stream().filter(Bypass::isOpen).count();
    }

    void export(MeterRegistry registry) {
        count(registry, "timeouts", "Look-ups given up after the time-out", timeouts);
        count(registry, "skipped", "Look-ups that did not wait because Redis was silent or bypassed", skipped);
        count(registry, "errors", "Replies that were errors or none at all", errors);
        count(registry, "dropped.writes", "Values not kept because Redis was away or behind", droppedWrites);
        count(registry, "bypasses", "Times that Redis was bypassed", bypasses);
        Gauge.builder("vitrina.cache.redis.bypassed", this, RemoteCounters::bypassed)
                .description("Servers that are bypassed now, 1 at most where there is one")
                .register(registry);
    }

    private static void count(MeterRegistry registry, String what, String description, LongAdder adder) {
        FunctionCounter.builder("vitrina.cache.redis." + what, adder, LongAdder::doubleValue)
                .description(description)
                .register(registry);
    }
}
