package org.vitrina.overload;

import java.util.concurrent.atomic.AtomicReference;

/** A request that is parked until a place is free for it, at the price of what has been read of it. */
public abstract class WaitingRequest {
    /** Where a request stands that came into the queue. */
    private enum Turn {
        WAITS,
        HAS_A_PLACE,
        OVER
    }

    private final AtomicReference<Turn> turn = new AtomicReference<>(Turn.WAITS);
    private final long arrivedNanos;
    private final long lastNanos;
    private final int bytes;

    /**
     * @param arrivedNanos when it came, on the clock of {@link System#nanoTime}
     * @param longestNanos how long it may wait
     * @param bytes what it holds of the memory, roughly
     */
    protected WaitingRequest(long arrivedNanos, long longestNanos, int bytes) {
        this.arrivedNanos = arrivedNanos;
        this.lastNanos = arrivedNanos + longestNanos;
        this.bytes = bytes;
    }

    /** It has a place, which is to be given back by {@link AdmissionQueue#end}. Called once at most, by any thread. */
    protected abstract void admitted();

    /** It is to be answered that it is too much. Called once at most, by any thread, and never after {@link #admitted}. */
    protected abstract void refused();

    public long arrivedNanos() {
        return arrivedNanos;
    }

    int bytes() {
        return bytes;
    }

    /** Negative once it has waited longer than it may. */
    long leftNanos(long now) {
        return lastNanos - now;
    }

    boolean waits() {
        return turn.get() == Turn.WAITS;
    }

    boolean takePlace() {
        return turn.compareAndSet(Turn.WAITS, Turn.HAS_A_PLACE);
    }

    boolean leave() {
        return turn.compareAndSet(Turn.WAITS, Turn.OVER);
    }

    boolean givePlaceBack() {
        return turn.compareAndSet(Turn.HAS_A_PLACE, Turn.OVER);
    }
}
