package org.vitrina.client;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Deadline;

/**
 * What all calls made for one answer share: the instant at which they end, and the caller who may leave before.
 *
 * <p>A scope has one timer, whatever the number of its calls, and when it fires, or the caller leaves, every call still
 * under way is cancelled for real: its connection is closed or its stream reset. Scopes nest; a child ends with its parent
 * at the latest. Confined to the event loop that made it.
 */
public final class CallScope {
    private static final Cancellable NOTHING = () -> {};

    private final Vertx vertx;
    private final Deadline deadline;
    private final boolean shortened;
    private final Carried carried;
    private final List<CallScope> children = new ArrayList<>(3);
    private final Running<?> head = new Running<>();
    private long timer = -1;
    private boolean gone;

    /**
     * Headers handed on to every dependency.
     *
     * @param requestId the value of {@code X-Request-Id}
     * @param traceparent the value of {@code traceparent} (W3C Trace Context)
     */
    public record Carried(@Nullable String requestId, @Nullable String traceparent) {
        public static final Carried NONE = new Carried(null, null);
    }

    private CallScope(Vertx vertx, Deadline deadline, boolean shortened, Carried carried) {
        this.vertx = vertx;
        this.deadline = deadline;
        this.shortened = shortened;
        this.carried = carried;
    }

    /**
     * The scope of one answer.
     *
     * @param shortened whether the caller asked for less time than we usually take: then a time-out is no sign of an ill
     *     dependency and counts for neither breaker nor retry budget
     */
    public static CallScope until(Vertx vertx, Deadline deadline, boolean shortened, Carried carried) {
        return new CallScope(vertx, deadline, shortened, carried);
    }

    /** A part of this scope that ends {@code limit} from now, or with this scope if that is earlier. */
    public CallScope within(Duration limit) {
        boolean cutByCaller = shortened && deadline.remainingNanos() < limit.toNanos();
        CallScope child = new CallScope(vertx, deadline.within(limit), cutByCaller, carried);
        child.gone = gone;
        children.add(child);
        return child;
    }

    /** A scope of its own that ends {@code limit} from now: for work that several callers wait for. */
    public CallScope detached(Duration limit) {
        return new CallScope(vertx, Deadline.in(limit), false, carried);
    }

    public Deadline deadline() {
        return deadline;
    }

    public boolean shortened() {
        return shortened;
    }

    public Carried carried() {
        return carried;
    }

    /** True once the caller has left: no call may start any more. */
    public boolean gone() {
        return gone;
    }

    /** The caller left, or the answer is out: ends every call under way, here and in the scopes within. */
    public void cancel() {
        if (gone) {
            return;
        }
        gone = true;
        end(CallScope::left);
        for (int i = 0; i < children.size(); i++) {
            children.get(i).cancel();
        }
    }

    /** Runs {@code work} inside this scope: it fails with {@link Reason#TIMEOUT} and is cancelled when the scope ends. */
    public <T> Uni<T> run(Uni<T> work) {
        return Uni.createFrom().emitter(emitter -> start(work, emitter));
    }

    /** {@code next} after a pause on this event loop; cancelled with the work that it is part of. */
    <T> Uni<T> after(long pauseMillis, java.util.function.Supplier<Uni<T>> next) {
        return Uni.createFrom()
                .<Void>emitter(emitter -> {
                    long pause = vertx.setTimer(Math.max(1, pauseMillis), fired -> emitter.complete(null));
                    emitter.onTermination(() -> vertx.cancelTimer(pause));
                })
                .chain(() -> next.get());
    }

    private <T> void start(Uni<T> work, UniEmitter<? super T> emitter) {
        if (gone) {
            emitter.fail(left());
            return;
        }
        if (deadline.passed()) {
            emitter.fail(late());
            return;
        }
        var running = new Running<T>();
        running.emitter = emitter;
        running.linkAfter(head);
        emitter.onTermination(() -> {
            running.unlink();
            running.upstream.cancel();
            stopTimerWhenIdle();
        });
        if (timer < 0) {
            // +1: timers have whole milliseconds and must not fire before the deadline has passed.
            timer = vertx.setTimer(deadline.remainingMillis() + 1, fired -> expire());
        }
        Cancellable upstream = work.subscribe()
                .with(
                        item -> {
                            running.finish();
                            emitter.complete(item);
                            stopTimerWhenIdle();
                        },
                        failure -> {
                            running.finish();
                            emitter.fail(failure);
                            stopTimerWhenIdle();
                        });
        if (running.linked()) {
            running.upstream = upstream;
        } else {
            // It ended while it began: by its own item, or because the scope did.
            upstream.cancel();
        }
    }

    private void expire() {
        timer = -1;
        end(this::late);
    }

    private void end(java.util.function.Supplier<CallFailure> why) {
        while (head.next != head) {
            Running<?> running = head.next;
            Cancellable upstream = running.upstream;
            running.finish();
            upstream.cancel();
            running.emitter().fail(why.get());
        }
        stopTimerWhenIdle();
    }

    private void stopTimerWhenIdle() {
        if (timer >= 0 && head.next == head) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
    }

    private CallFailure late() {
        return shortened
                ? new CallFailure.Uncounted(Reason.TIMEOUT, "the caller's deadline passed")
                : new CallFailure.Final(Reason.TIMEOUT, "no answer in time", null);
    }

    private static CallFailure left() {
        return new CallFailure.Uncounted(Reason.ERROR, "the caller is gone");
    }

    /** One call under way, linked into its scope's ring so that it leaves without a search. */
    private static final class Running<T> {
        private Running<?> next = this;
        private Running<?> previous = this;
        private Cancellable upstream = NOTHING;
        private @Nullable UniEmitter<? super T> emitter;

        void linkAfter(Running<?> head) {
            next = head.next;
            previous = head;
            head.next.previous = this;
            head.next = this;
        }

        boolean linked() {
            return next != this;
        }

        void unlink() {
            previous.next = next;
            next.previous = previous;
            next = this;
            previous = this;
        }

        void finish() {
            unlink();
            upstream = NOTHING;
        }

        UniEmitter<? super T> emitter() {
            return java.util.Objects.requireNonNull(emitter);
        }
    }
}
