package org.vitrina.http;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Deadline;

/**
 * The one way in which time limits work here: when the deadline passes, what is still under way is cancelled for real (its
 * connection is closed, its statement given up) and fails.
 *
 * <p>It has one timer however many works run inside it. It may be ended, and works may begin and end, on any thread; what
 * works are told is told on the event loop that made it, where one did.
 */
public final class TimeLimit {
    private static final Cancellable ENDED = () -> {};
    /** No timer is set. */
    private static final long NONE = -1;
    /** One is being set. */
    private static final long SETTING = -2;

    private final Vertx vertx;
    private final Thread owner = Thread.currentThread();
    private final @Nullable Context home = Vertx.currentContext();
    private final Deadline deadline;
    private final Supplier<? extends Throwable> late;
    private final Set<Running<?>> underWay = ConcurrentHashMap.newKeySet();
    private final AtomicLong timer = new AtomicLong(NONE);
    private volatile @Nullable Supplier<? extends Throwable> ended;

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
        ended = why;
        atHome(() -> cancelAll(why));
    }

    private void atHome(Runnable step) {
        if (home == null || Thread.currentThread() == owner) {
            step.run();
        } else {
            home.runOnContext(there -> step.run());
        }
    }

    /** Whatever begins meanwhile looks for itself whether there was an end. */
    private void cancelAll(Supplier<? extends Throwable> why) {
        for (Running<?> running : underWay) {
            end(running, why);
        }
    }

    private void end(Running<?> running, Supplier<? extends Throwable> why) {
        if (underWay.remove(running)) {
            running.cancel();
            running.emitter.fail(why.get());
            stopTimerWhenIdle();
        }
    }

    private <T> void start(Uni<T> work, UniEmitter<? super T> emitter) {
        Supplier<? extends Throwable> over = over();
        if (over != null) {
            emitter.fail(over.get());
            return;
        }
        var running = new Running<T>(emitter);
        underWay.add(running);
        emitter.onTermination(() -> {
            finish(running);
            running.cancel();
        });
        setTimer();
        Supplier<? extends Throwable> meanwhile = over();
        if (meanwhile != null) {
            end(running, meanwhile);
            return;
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

    private @Nullable Supplier<? extends Throwable> over() {
        Supplier<? extends Throwable> why = ended;
        return why != null ? why : deadline.passed() ? late : null;
    }

    private void finish(Running<?> running) {
        underWay.remove(running);
        stopTimerWhenIdle();
    }

    /** Of works that begin at once one sets it. */
    private void setTimer() {
        if (timer.get() == NONE && timer.compareAndSet(NONE, SETTING)) {
            // +1: timers have whole milliseconds and must not fire before the deadline has passed.
            timer.set(vertx.setTimer(deadline.remainingMillis() + 1, fired -> atHome(() -> cancelAll(late))));
            stopTimerWhenIdle();
        }
    }

    private void stopTimerWhenIdle() {
        long set = timer.get();
        if (set >= 0 && underWay.isEmpty() && timer.compareAndSet(set, NONE)) {
            vertx.cancelTimer(set);
            if (!underWay.isEmpty()) {
                // it began since the look, and saw the timer
                setTimer();
            }
        }
    }

    /** One work under way; holds how to cancel it. */
    private static final class Running<T> extends AtomicReference<@Nullable Cancellable> {
        private static final long serialVersionUID = 1;

        private final transient UniEmitter<? super T> emitter;

        Running(UniEmitter<? super T> emitter) {
            this.emitter = emitter;
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
    }
}
