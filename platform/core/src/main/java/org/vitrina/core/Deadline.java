package org.vitrina.core;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The instant by which an answer must be out, on the monotonic clock, so that a jump of the wall clock moves nothing.
 *
 * <p>It travels between processes as the milliseconds left, in the header {@value #HEADER}.
 */
public final class Deadline {
    /** Milliseconds left, a positive integer. */
    public static final String HEADER = "X-Request-Deadline-Ms";

    /** What a hop keeps for itself of the time left: its own work and the way back. */
    public static final Duration HOP_RESERVE = Duration.ofMillis(20);

    private final LongSupplier nanoTime;
    private final long atNanos;

    private Deadline(LongSupplier nanoTime, long atNanos) {
        this.nanoTime = nanoTime;
        this.atNanos = atNanos;
    }

    /** A deadline that passes {@code left} from now. */
    public static Deadline in(Duration left) {
        return in(left, System::nanoTime);
    }

    /** As {@link #in(Duration)}, with a clock of the caller's (nanoseconds, monotonic): for tests. */
    public static Deadline in(Duration left, LongSupplier nanoTime) {
        return new Deadline(nanoTime, nanoTime.getAsLong() + left.toNanos());
    }

    /** The time left, never negative. */
    public Duration remaining() {
        return Duration.ofNanos(remainingNanos());
    }

    /** Nanoseconds left, never negative. */
    public long remainingNanos() {
        return Math.max(0, atNanos - nanoTime.getAsLong());
    }

    /** Whole milliseconds left, never negative. */
    public long remainingMillis() {
        return remainingNanos() / 1_000_000;
    }

    /** True once no time is left. */
    public boolean passed() {
        return remainingNanos() == 0;
    }

    /** The value of {@value #HEADER} for a call made now: what is left less {@link #HOP_RESERVE}, never negative. */
    public long millisForNextHop() {
        return Math.max(0, remainingMillis() - HOP_RESERVE.toMillis());
    }

    /** The earlier of this deadline and {@code limit} from now. */
    public Deadline within(Duration limit) {
        long other = nanoTime.getAsLong() + limit.toNanos();
        return other - atNanos < 0 ? new Deadline(nanoTime, other) : this;
    }

    @Override
    public String toString() {
        return remainingMillis() + " ms left";
    }
}
