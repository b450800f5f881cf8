package org.vitrina.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Lets so many lines through in a while, and counts the others: a dependency's bad hour must not become a full disk. */
public final class LogLimit {
    private final int lines;
    private final long whileNanos;
    private final LongSupplier nanoTime;
    private final AtomicLong since;
    private final AtomicInteger written = new AtomicInteger();
    private final AtomicInteger leftOut = new AtomicInteger();

    /** @param nanoTime a monotonic clock */
    public LogLimit(int lines, Duration in, LongSupplier nanoTime) {
        this.lines = lines;
        this.whileNanos = in.toNanos();
        this.nanoTime = nanoTime;
        this.since = new AtomicLong(nanoTime.getAsLong());
    }

    /** Whether one more line may be written now; if not, it counts as left out. */
    public boolean mayLog() {
        long now = nanoTime.getAsLong();
        long start = since.get();
        if (now - start >= whileNanos && since.compareAndSet(start, now)) {
            written.set(0);
        }
        if (written.incrementAndGet() <= lines) {
            return true;
        }
        leftOut.incrementAndGet();
        return false;
    }

    /** How many were left out since the last time that this was asked. */
    public int takeLeftOut() {
        return leftOut.getAndSet(0);
    }
}
