package org.vitrina.http;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The time that a connection's requests have to come, one after the other. It has at most one timer, which looks when it is
 * due whether the request is still the same. Confined to the connection's event loop.
 */
final class ReceiveTime {
    private final long longestNanos;
    private final Runnable passed;
    private boolean running;
    private long due;
    private @Nullable ScheduledFuture<?> timer;
    private long timerDue;

    /** @param passed done when a request has not come in time */
    ReceiveTime(long longestNanos, Runnable passed) {
        this.longestNanos = longestNanos;
        this.passed = passed;
    }

    /** A request is coming; nothing where that was known. */
    void begin() {
        if (!running) {
            running = true;
            due = System.nanoTime() + longestNanos;
        }
    }

    /** It has no more time than until then. */
    void atMost(long end) {
        due = Math.min(due, end);
    }

    /** None is coming. */
    void end() {
        running = false;
    }

    void watch(EventExecutor loop) {
        if (timer != null && timerDue - due <= 0) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        timerDue = due;
        timer = loop.schedule(() -> look(loop), due - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void look(EventExecutor loop) {
        timer = null;
        if (!running) {
            return;
        }
        if (System.nanoTime() - due < 0) {
            watch(loop);
        } else {
            passed.run();
        }
    }

    /** No more requests come. */
    void close() {
        running = false;
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
