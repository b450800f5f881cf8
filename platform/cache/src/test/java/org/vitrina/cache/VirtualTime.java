package org.vitrina.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes when told, with its timers. */
final class VirtualTime implements Ticker, LoadClock {
    private final AtomicLong nanos = new AtomicLong(Duration.ofDays(1).toNanos());
    private final PriorityBlockingQueue<Timer> timers =
            new PriorityBlockingQueue<>(8, Comparator.comparingLong(Timer::due));

    private record Timer(long due, Runnable step) {}

    void advance(Duration by) {
        long now = nanos.addAndGet(by.toNanos());
        for (Timer first = timers.peek(); first != null && first.due <= now; first = timers.peek()) {
            if (timers.remove(first)) {
                first.step.run();
            }
        }
    }

    /** Timers that are set. */
    int pending() {
        return timers.size();
    }

    @Override
    public long read() {
        return nanos.get();
    }

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public Runnable after(long millis, Runnable step) {
        Timer timer = new Timer(nanos.get() + TimeUnit.MILLISECONDS.toNanos(millis), step);
        timers.add(timer);
        return () -> timers.remove(timer);
    }
}
