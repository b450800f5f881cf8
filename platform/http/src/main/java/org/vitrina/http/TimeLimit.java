package org.vitrina.http;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Deadline;

/**
 * The one way in which time limits work here: when the deadline passes, what is still under way is cancelled for real (its
 * connection is closed, its statement given up) and fails.
 *
 * <p>It has one timer however many works run inside it. It belongs to the event loop that made it: what ends on another
 * thread is handed over to that loop.
 */
public final class TimeLimit {
    private static final Cancellable ENDED = () -> {};

    private final Vertx vertx;
    private final Thread owner = Thread.currentThread();
    private final @Nullable Context home = Vertx.currentContext();
    private final Deadline deadline;
    private final Supplier<? extends Throwable> late;
    private final Running<?> ring = new Running<>(null);
    private long timer = -1;
    private @Nullable Supplier<? extends Throwable> ended;

    /** @param late what work fails with once the deadline has passed */
    public TimeLimit(Vertx vertx, Deadline deadline, Supplier<? extends Throwable> late) {
        this.vertx = vertx;
        this.deadline = deadline;
        this.late = late;
    }

    /** The same work, cancelled when the deadline passes or the caller stops waiting for it. */
    public <T> Uni<T> run(Uni<T> work) {
        return Uni.createFrom().emitter(emitter -> atHome(() -> start(work, emitter)));
    }

    /** Cancels everything that is under way, which fails with what {@code why} makes, and lets nothing begin any more. */
    public void end(Supplier<? extends Throwable> why) {
        atHome(() -> {
            ended = why;
            cancelAll(why);
        });
    }

    private void atHome(Runnable step) {
        if (home == null || Thread.currentThread() == owner) {
            step.run();
        } else {
            home.runOnContext(there -> step.run());
        }
    }

    private void cancelAll(Supplier<? extends Throwable> why) {
        while (ring.next != ring) {
            Running<?> running = ring.next;
            running.unlink();
            running.cancel();
            running.emitter().fail(why.get());
        }
        stopTimerWhenIdle();
    }

    private <T> void start(Uni<T> work, UniEmitter<? super T> emitter) {
        Supplier<? extends Throwable> over = ended != null ? ended : deadline.passed() ? late : null;
        if (over != null) {
            emitter.fail(over.get());
            return;
        }
        var running = new Running<T>(emitter);
        running.linkAfter(ring);
        emitter.onTermination(() -> {
            atHome(() -> finish(running));
            running.cancel();
        });
        if (timer < 0) {
            // +1: timers have whole milliseconds and must not fire before the deadline has passed.
            timer = vertx.setTimer(deadline.remainingMillis() + 1, fired -> {
                timer = -1;
                cancelAll(late);
            });
        }
        running.begin(work.subscribe()
                .with(
                        item -> atHome(() -> {
                            finish(running);
                            emitter.complete(item);
                        }),
                        failure -> atHome(() -> {
                            finish(running);
                            emitter.fail(failure);
                        })));
    }

    private void finish(Running<?> running) {
        running.unlink();
        stopTimerWhenIdle();
    }

    private void stopTimerWhenIdle() {
        if (timer >= 0 && ring.next == ring) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
    }

    /** One work under way, linked into its limit's ring so that it leaves without a search; holds how to cancel it. */
    private static final class Running<T> extends AtomicReference<@Nullable Cancellable> {
        private static final long serialVersionUID = 1;

        private final transient @Nullable UniEmitter<? super T> emitter;
        private transient Running<?> next = this;
        private transient Running<?> previous = this;

        Running(@Nullable UniEmitter<? super T> emitter) {
            this.emitter = emitter;
        }

        void linkAfter(Running<?> head) {
            next = head.next;
            previous = head;
            head.next.previous = this;
            head.next = this;
        }

        void unlink() {
            previous.next = next;
            next.previous = previous;
            next = this;
            previous = this;
        }

        /** The work has begun; it may have been cancelled while it did. */
        void begin(Cancellable work) {
            if (!compareAndSet(null, work)) {
                work.cancel();
            }
        }

        void cancel() {
            Cancellable work = getAndSet(ENDED);
            if (work != null) {
                work.cancel();
            }
        }

        UniEmitter<? super T> emitter() {
            return Objects.requireNonNull(emitter);
        }
    }
}
