package org.vitrina.cache;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Decides when a server is bypassed. It counts windows of one time-out each in which it was asked and said nothing in
 * time, not look-ups: a hundred that were asked at once and hit one hiccup of it say no more than one of them. Look-ups
 * that come while the line has been silent for several others are not made to wait either, see {@link #isSuspect}.
 */
final class Bypass {
    private final int after;
    private final long windowNanos;
    private final Runnable onOpen;

    private final AtomicBoolean open = new AtomicBoolean();
    private final AtomicInteger windows = new AtomicInteger();
    private final AtomicInteger inVain = new AtomicInteger();
    private final AtomicInteger wrong = new AtomicInteger();
    private final AtomicLong lastWindow = new AtomicLong(System.nanoTime());

    final RemoteCounters counters;

    Bypass(int after, long windowNanos, RemoteCounters counters, Runnable onOpen) {
        this.after = after;
        this.windowNanos = windowNanos;
        this.counters = counters;
        this.onOpen = onOpen;
    }

    boolean isOpen() {
        return open.get();
    }

    /** So many look-ups got nothing in time that further ones need not wait on a line that is still silent. */
    boolean isSuspect() {
        return inVain.get() >= after;
    }

    /** A look-up was answered in time. */
    void answered() {
        if (inVain.get() != 0) {
            inVain.set(0);
        }
        if (windows.get() != 0) {
            windows.set(0);
        }
        if (wrong.get() != 0) {
            wrong.set(0);
        }
    }

    void timedOut() {
        counters.timeouts.increment();
        inVain.incrementAndGet();
    }

    /** A line has an unanswered look-up, sent at {@code sentAt}, after it was given the chance to read. */
    void silent(long sentAt, long now) {
        long last = lastWindow.get();
        long since = sentAt - last > 0 ? sentAt : last;
        if (now - since >= windowNanos && lastWindow.compareAndSet(last, now) && windows.incrementAndGet() >= after) {
            open();
        }
    }

    /** An error, or something that is no reply, came instead of an answer. */
    void wronglyAnswered() {
        counters.errors.increment();
        if (wrong.incrementAndGet() >= after) {
            open();
        }
    }

    void open() {
        if (open.compareAndSet(false, true)) {
            counters.bypasses.increment();
            onOpen.run();
        }
    }

    void close() {
        answered();
        open.set(false);
    }
}
