package org.vitrina.client;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/** What became of a dependency's last calls, a fixed number of them; of any thread, without a lock. */
final class RecentCalls {
    static final int KEPT = 128;

    private static final int OUTCOME_BITS = 2;
    private static final double NANOS_A_MILLI = 1_000_000;
    private static final long NONE = -1;

    private final AtomicLongArray calls = new AtomicLongArray(KEPT);
    private final AtomicInteger next = new AtomicInteger();

    /** What became of a call. */
    enum Outcome {
        ANSWERED(0),
        FAILED(1),
        TIMEOUT(2),
        NOT_MADE(3);

        private final int code;

        Outcome(int code) {
            this.code = code;
        }
    }

    /**
     * What became of them.
     *
     * @param calls how many there were so far, {@link #KEPT} at most; the others are of these
     * @param notMade since the breaker was open, or too many were under way
     * @param p50Ms milliseconds of those that were made
     */
    record Summary(int calls, int failed, int timeouts, int notMade, double p50Ms, double slowestMs) {}

    RecentCalls() {
        for (int i = 0; i < KEPT; i++) {
            calls.set(i, NONE);
        }
    }

    void add(Outcome outcome, long nanos) {
        calls.lazySet(next.getAndIncrement() & (KEPT - 1), (Math.max(0, nanos) << OUTCOME_BITS) | outcome.code);
    }

    Summary summary() {
        int[] counts = new int[Outcome.values().length];
        long[] times = new long[KEPT];
        int made = 0;
        for (int i = 0; i < KEPT; i++) {
            long call = calls.get(i);
            if (call != NONE) {
                int outcome = (int) (call & (counts.length - 1));
                counts[outcome]++;
                if (outcome != Outcome.NOT_MADE.code) {
                    times[made++] = call >> OUTCOME_BITS;
                }
            }
        }
        Arrays.sort(times, 0, made);
        return new Summary(
                Arrays.stream(counts).sum(),
                counts[Outcome.FAILED.code],
                counts[Outcome.TIMEOUT.code],
                counts[Outcome.NOT_MADE.code],
                made == 0 ? 0 : times[made / 2] / NANOS_A_MILLI,
                made == 0 ? 0 : times[made - 1] / NANOS_A_MILLI);
    }
}
