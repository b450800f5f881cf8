package org.vitrina.client;

import io.netty.util.concurrent.FastThreadLocal;
import io.vertx.core.impl.ContextInternal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells reads that they have had no answer for so long. One timer an event loop, however many reads: all wait for the same
 * time, so that they stand in line in the order in which their time comes.
 */
final class HedgeTimer {
    private final long afterNanos;
    private final FastThreadLocal<Line> lines = new FastThreadLocal<>() {
        @Override
        protected Line initialValue() {
            return new Line();
        }
    };

    HedgeTimer(Duration after) {
        this.afterNanos = after.toNanos();
    }

    long afterNanos() {
        return afterNanos;
    }

    /** {@code due} runs in this context after the time, unless it leaves the line before; both on the same event loop. */
    Place wait(ContextInternal context, Runnable due) {
        return lines.get().add(new Place(context, due));
    }

    /** One place in the line. */
    static final class Place {
        private final @Nullable ContextInternal context;
        private final Runnable due;
        private long dueNanos;
        private Place next = this;
        private Place previous = this;

        private Place(@Nullable ContextInternal context, Runnable due) {
            this.context = context;
            this.due = due;
        }

        void leave() {
            previous.next = next;
            next.previous = previous;
            next = this;
            previous = this;
        }
    }

    /** Those of one event loop. */
    private final class Line {
        private final Place ends = new Place(null, () -> {});
        private boolean armed;

        Place add(Place last) {
            last.dueNanos = System.nanoTime() + afterNanos;
            last.previous = ends.previous;
            last.next = ends;
            last.previous.next = last;
            ends.previous = last;
            if (!armed) {
                arm(last);
            }
            return last;
        }

        /** Not stopped when nobody waits any more: a timer that finds nothing costs less than one for each read. */
        private void arm(Place first) {
            if (first.context != null) {
                armed = true;
                long millis = TimeUnit.NANOSECONDS.toMillis(first.dueNanos - System.nanoTime()) + 1;
                // of no request, so that the timer holds on to none
                first.context.unwrap().setTimer(Math.max(1, millis), fired -> fire());
            }
        }

        private void fire() {
            armed = false;
            long now = System.nanoTime();
            while (ends.next != ends && ends.next.dueNanos - now <= 0) {
                Place first = ends.next;
                first.leave();
                if (first.context != null) {
                    first.context.dispatch(first.due);
                }
            }
            if (ends.next != ends && !armed) {
                arm(ends.next);
            }
        }
    }
}
