package org.vitrina.cache;

import java.util.List;

/**
 * How the caches of this process fare, for {@code /ops/resilience}.
 *
 * @param timeouts look-ups given up after {@code vitrina.cache.timeout}
 * @param bypasses how often the remote store was put aside
 * @param bypassed whether it is so now
 */
public record CacheStatus(String topology, long timeouts, long bypasses, boolean bypassed, List<OneCache> caches) {

    /** Counts since the process started, in keys (loads and refreshes: in calls of the loader). */
    public record OneCache(
            String name,
            long hits,
            long negative,
            long misses,
            long stale,
            long loads,
            long loadFailures,
            long refreshes,
            long evictions) {}
}
