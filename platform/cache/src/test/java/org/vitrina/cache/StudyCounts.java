package org.vitrina.cache;

import java.util.Arrays;

/** What the callers of {@link CacheStudy} saw in some seconds; of one thread at a time. */
final class StudyCounts {
    private long[] latencies = new long[1 << 10];
    private long[] staleness = new long[1 << 8];
    private int answers;
    private int stale;
    private int hits;
    private int failures;

    void answered(boolean hit, long latency, long staleFor) {
        latencies = room(latencies, answers);
        latencies[answers++] = latency;
        hits += hit ? 1 : 0;
        if (staleFor > 0) {
            staleness = room(staleness, stale);
            staleness[stale++] = staleFor;
        }
    }

    void failed() {
        failures++;
    }

    void add(StudyCounts other) {
        for (int i = 0; i < other.answers; i++) {
            answered(false, other.latencies[i], 0);
        }
        for (int i = 0; i < other.stale; i++) {
            staleness = room(staleness, stale);
            staleness[stale++] = other.staleness[i];
        }
        hits += other.hits;
        failures += other.failures;
    }

    int answers() {
        return answers;
    }

    int failures() {
        return failures;
    }

    double hitPercent() {
        return percent(hits);
    }

    double stalePercent() {
        return percent(stale);
    }

    private double percent(int part) {
        return answers == 0 ? 0 : Math.round(part * 1e4 / answers) / 1e2;
    }

    /** Microseconds that this share of the answers took at most. */
    long latencyMicros(double share) {
        return at(latencies, answers, share) / 1_000;
    }

    /** Milliseconds for which this share of the stale answers had been out of date at most. */
    long staleMillis(double share) {
        return at(staleness, stale, share) / 1_000_000;
    }

    private static long at(long[] values, int count, double share) {
        long[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return count == 0 ? 0 : sorted[Math.min(count - 1, (int) (count * share))];
    }

    private static long[] room(long[] values, int count) {
        return count < values.length ? values : Arrays.copyOf(values, 2 * values.length);
    }
}
