package org.vitrina.cache;

import java.util.List;

/**
 * How the caches of this process fare, for {@code /ops/resilience}.
 *
 * @param timeouts look-ups given up after {@code vitrina.cache.timeout}
 * @param skipped look-ups that did not wait because others were waiting without success, or because it was bypassed
 * @param errors replies that were errors or none at all
 * @param droppedWrites values not kept because the remote store was away or too far behind
 * @param bypasses how often the remote store was bypassed
 * @param bypassed whether it is so now
 */
public record CacheStatus(
        String topology,
        long timeouts,
        long skipped,
        long errors,
        long droppedWrites,
        long bypasses,
        boolean bypassed,
        List<OneCache> caches) {

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
