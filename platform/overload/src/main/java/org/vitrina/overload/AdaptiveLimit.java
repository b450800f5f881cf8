package org.vitrina.overload;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * A limit on requests served at once that follows the service's own queueing (event loops that are late, or that never
 * rest), never its wait for a dependency: long answers on an idle event loop leave it alone or raise it.
 *
 * <p>Increase is multiplicative too, since the signal is direct and a wrong increase is taken back within a window.
 */
public final class AdaptiveLimit implements ConcurrencyLimit {
    /** An event loop that has something to do for so much of its time serves no more by having more at once. */
    static final double SATURATED = 0.95;

    /** Below this it could serve more. */
    static final double SPARE = 0.85;

    private final int min;
    private final int initial;
    private final int max;
    private final long targetNanos;

    private final AtomicInteger inFlight = new AtomicInteger();
    private final LongAdder rejected = new LongAdder();
    private volatile int limit;
    // Written without order by several event loops: a peak that is a little off changes nothing.
    private int peak;

    AdaptiveLimit(int min, int initial, int max, long targetNanos) {
        this.min = min;
        this.max = Math.max(min, max);
        this.targetNanos = targetNanos;
        this.initial = Math.min(this.max, Math.max(min, initial));
        this.limit = this.initial;
    }

    /** Takes a place; false when there is none: then nothing is to be released. */
    public boolean tryAcquire() {
        int now = inFlight.incrementAndGet();
        boolean taken = now <= limit;
        if (!taken) {
            inFlight.decrementAndGet();
        }
        if (now > peak) {
            peak = now;
        }
        return taken;
    }

    /** Whether a place could be taken now. */
    boolean hasPlace() {
        return inFlight.get() < limit;
    }

    /** Counts one more that was answered that it is too much. */
    void countRejected() {
        rejected.increment();
    }

    /** Takes a place beyond any limit, for what is never rejected but has to be counted. */
    public void acquire() {
        inFlight.incrementAndGet();
    }

    public void release() {
        inFlight.decrementAndGet();
    }

    /**
     * Ends a window of measurement.
     *
     * @param delayNanos how late the event loops usually were in it
     * @param load the share of it in which the busiest event loop had something to do; 0 where that is not known
     */
    void adapt(long delayNanos, double load) {
        int used = peak;
        peak = inFlight.get();
        int now = limit;
        if (delayNanos > targetNanos || load >= SATURATED) {
            // What was not used is given up first, or a high limit of quiet times would let a flood in.
            double cut = delayNanos > 4 * targetNanos ? 0.7 : 0.9;
            // A machine that is busy with other work says nothing about what an idle service can do.
            int floor = used < min ? Math.min(now, initial) : min;
            limit = Math.max(floor, (int) (Math.min(now, used) * cut));
        } else if (delayNanos <= targetNanos / 2 && load <= SPARE && used >= now - now / 8) {
            limit = Math.min(max, now + Math.max(8, now / 4));
        }
    }

    /** Whether the limit may come to matter: below half of the smallest limit nobody needs to measure. */
    boolean near() {
        return peak > min / 2;
    }

    @Override
    public int limit() {
        return limit;
    }

    @Override
    public int inFlight() {
        return inFlight.get();
    }

    @Override
    public long rejected() {
        return rejected.sum();
    }
}
