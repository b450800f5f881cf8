package org.vitrina.cache;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A copy as a store keeps it; no value: the key is known not to exist. Times are milliseconds of the store's clock.
 */
record CacheEntry<V>(@Nullable V value, long storedAt, long freshUntil) {

    /** How far behind the writer's clock may be before its copies are not believed. */
    private static final long CLOCK_TOLERANCE_MS = 1_000;

    boolean fresh(long now) {
        return now < freshUntil && storedAt <= now + CLOCK_TOLERANCE_MS;
    }

    /** Whether it may stand in for a loader that failed. */
    boolean standsIn(long now, long maxStaleMs) {
        return value != null && storedAt <= now + CLOCK_TOLERANCE_MS && (fresh(now) || now - storedAt < maxStaleMs);
    }

    Duration age(long now) {
        return Duration.ofMillis(Math.max(0, now - storedAt));
    }
}
