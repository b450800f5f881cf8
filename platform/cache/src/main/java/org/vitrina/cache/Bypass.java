package org.vitrina.cache;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Decides when Redis is bypassed. It counts windows of one time-out each in which Redis was asked and said nothing in
 * time, not look-ups: a hundred that were asked at once and hit one hiccup of Redis say no more than one of them. Look-ups
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

    final LongAdder opened = new LongAdder();
    final LongAdder timeouts = new LongAdder();
    final LongAdder skipped = new LongAdder();
    final LongAdder errors = new LongAdder();
    final LongAdder droppedWrites = new LongAdder();

    Bypass(int after, long windowNanos, Runnable onOpen) {
        this.after = after;
        this.windowNanos = windowNanos;
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
        timeouts.increment();
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
        errors.increment();
        if (wrong.incrementAndGet() >= after) {
            open();
        }
    }

    void open() {
        if (open.compareAndSet(false, true)) {
            opened.increment();
            onOpen.run();
        }
    }

    void close() {
        answered();
        open.set(false);
    }

    CacheStatus status(String topology, List<CacheStatus.OneCache> caches) {
        return new CacheStatus(
                topology,
                timeouts.sum(),
                skipped.sum(),
                errors.sum(),
                droppedWrites.sum(),
                opened.sum(),
                isOpen(),
                caches);
    }

    void export(MeterRegistry registry) {
        count(registry, "timeouts", "Look-ups given up after the time-out", timeouts);
        count(registry, "skipped", "Look-ups that did not wait because Redis was silent or bypassed", skipped);
        count(registry, "errors", "Replies that were errors or none at all", errors);
        count(registry, "dropped.writes", "Values not kept because Redis was away or behind", droppedWrites);
        count(registry, "bypasses", "Times that Redis was bypassed", opened);
        Gauge.builder("vitrina.cache.redis.bypassed", this, bypass -> bypass.isOpen() ? 1 : 0)
                .description("1 while Redis is bypassed")
                .register(registry);
    }

    private static void count(MeterRegistry registry, String what, String description, LongAdder adder) {
        FunctionCounter.builder("vitrina.cache.redis." + what, adder, LongAdder::doubleValue)
                .description(description)
                .register(registry);
    }
}
