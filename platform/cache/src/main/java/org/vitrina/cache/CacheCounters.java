package org.vitrina.cache;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What one cache has done since the process started; keys are counted, not calls. */
final class CacheCounters {
    final LongAdder hits = new LongAdder();
    final LongAdder negative = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder stale = new LongAdder();
    final LongAdder loads = new LongAdder();
    final LongAdder loadFailures = new LongAdder();
    final LongAdder refreshes = new LongAdder();
    final LongAdder evictions = new LongAdder();
    private @Nullable Timer lookups;

    void lookedUp(int hitCount, int negativeCount, int missCount) {
        if (hitCount > 0) {
            hits.add(hitCount);
        }
        if (negativeCount > 0) {
            negative.add(negativeCount);
        }
        if (missCount > 0) {
            misses.add(missCount);
        }
    }

    /** A look for copies, of one key or many, has taken that long. */
    void looked(long nanos) {
        Timer exported = lookups;
        if (exported != null) {
            exported.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    CacheStatus.OneCache status(String name) {
        return new CacheStatus.OneCache(
                name,
                hits.sum(),
                negative.sum(),
                misses.sum(),
                stale.sum(),
                loads.sum(),
                loadFailures.sum(),
                refreshes.sum(),
                evictions.sum());
    }

    void export(MeterRegistry registry, String name) {
        lookups = Timer.builder("vitrina.cache.lookup")
                .tag("cache", name)
                .description("Looks for copies, of one key or many")
                .register(registry);
        count(registry, name, "hits", "Keys answered by a copy within its TTL", hits);
        count(registry, name, "negative", "Keys answered by the knowledge that they do not exist", negative);
        count(registry, name, "misses", "Keys that were not found", misses);
        count(registry, name, "stale", "Keys answered by a copy beyond its TTL", stale);
        count(registry, name, "loads", "Calls of the loader", loads);
        count(registry, name, "load.failures", "Calls of the loader that failed, in part or wholly", loadFailures);
        count(
                registry,
                name,
                "refreshes",
                "Loads that nobody waits for: ahead of expiry, or while a copy stands in",
                refreshes);
        count(registry, name, "evictions", "Copies dropped for the bounds or their age", evictions);
    }

    private static void count(MeterRegistry registry, String cache, String what, String description, LongAdder adder) {
        FunctionCounter.builder("vitrina.cache." + what, adder, LongAdder::doubleValue)
                .tag("cache", cache)
                .description(description)
                .register(registry);
    }
}
