package org.vitrina.client;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets at most so many declared calls be under way as there are connections; the others wait here, first come first served.
 *
 * <p>Not in the pool of the REST client: a call that has left its queue still takes the connection when its turn comes, and
 * gives it back to nobody (Quarkus 3.33.2). For calls of any event loop; each goes on on its own.
 */
final class CallPlaces {
    private final int places;
    private final int maxWaiting;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    /** In the order of their coming; those that have left are passed over when their turn comes. */
    private final Queue<Waiter> queue = new ConcurrentLinkedQueue<>();

    CallPlaces(int places, int maxWaiting) {
        this.places = places;
        this.maxWaiting = maxWaiting;
    }

    /** Makes the call when there is a place for it; fails with {@link Reason#OVERLOADED} where too many wait already. */
    <T> Uni<T> call(Supplier<Uni<T>> call) {
        return Uni.createFrom().deferred(() -> {
            if (take()) {
                return inItsPlace(call);
            }
            if (waiting.incrementAndGet() > maxWaiting) {
                waiting.decrementAndGet();
                return Uni.createFrom().failure(CallFailure.tooMany());
            }
            return Uni.createFrom().<Void>emitter(this::enqueue).chain(() -> inItsPlace(call));
        });
    }

    /** Not by {@code onTermination} alone: on a cancellation it would free the place before the call is cancelled. */
    private <T> Uni<T> inItsPlace(Supplier<Uni<T>> call) {
        return Uni.createFrom().emitter(emitter -> {
            AtomicBoolean over = new AtomicBoolean();
            Runnable leave = () -> {
                if (over.compareAndSet(false, true)) {
                    release();
                }
            };
            Cancellable made = Uni.createFrom()
                    .deferred(call::get)
                    .onItemOrFailure()
                    .invoke((answer, failure) -> leave.run())
                    .subscribe()
                    .with(emitter::complete, emitter::fail);
            emitter.onTermination(() -> {
                made.cancel();
                leave.run();
            });
        });
    }

    private boolean take() {
        int now = taken.get();
        while (now < places) {
            if (taken.compareAndSet(now, now + 1)) {
                return true;
            }
            now = taken.get();
        }
        return false;
    }

    private void enqueue(UniEmitter<? super Void> emitter) {
        Waiter waiter = new Waiter(emitter);
        emitter.onTermination(() -> leave(waiter));
        queue.add(waiter);
        // a place may have become free since the look
        if (take()) {
            release();
        }
    }

    private void leave(Waiter waiter) {
        switch (waiter.getAndSet(Turn.OVER)) {
            case WAITS -> waiting.decrementAndGet();
            case HAS_A_PLACE -> release();
            case OVER -> {
                // it has gone on
            }
        }
    }

    /** Hands the place on to who waits longest, or frees it. */
    private void release() {
        do {
            Waiter next;
            while ((next = queue.poll()) != null) {
                if (next.compareAndSet(Turn.WAITS, Turn.HAS_A_PLACE)) {
                    waiting.decrementAndGet();
                    next.goOn();
                    return;
                }
            }
            taken.decrementAndGet();
            // one may have come since the look
        } while (!queue.isEmpty() && take());
    }

    private enum Turn {
        WAITS,
        HAS_A_PLACE,
        OVER
    }

    private static final class Waiter extends AtomicReference<Turn> {
        private static final long serialVersionUID = 1;

        private final transient UniEmitter<? super Void> emitter;
        private final transient @Nullable Context home = Vertx.currentContext();

        Waiter(UniEmitter<? super Void> emitter) {
            super(Turn.WAITS);
            this.emitter = emitter;
        }

        void goOn() {
            if (home == null) {
                complete();
            } else {
                home.runOnContext(there -> complete());
            }
        }

        private void complete() {
            if (compareAndSet(Turn.HAS_A_PLACE, Turn.OVER)) {
                emitter.complete(null);
            }
        }
    }
}
