package org.vitrina.client;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.impl.ContextInternal;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A read that is made a second time where the first has no answer after a while: the first good answer wins, and the other
 * call is cancelled, which closes its connection. So an instance that hangs costs neither the answer nor its time limit,
 * and one that is slow still answers ("The Tail at Scale", Dean and Barroso, 2013).
 */
final class Hedged<T> {
    private final CallScope scope;
    private final Function<CallScope, Uni<T>> once;
    private final BooleanSupplier again;
    private final UniEmitter<? super T> emitter;
    private final ContextInternal home;
    private final Thread owner = Thread.currentThread();
    private HedgeTimer.@Nullable Place place;
    private @Nullable Cancellable first;
    private @Nullable Cancellable second;
    private int underWay;
    private @Nullable Throwable failure;
    private boolean over;

    private Hedged(
            CallScope scope,
            Function<CallScope, Uni<T>> once,
            BooleanSupplier again,
            UniEmitter<? super T> emitter,
            ContextInternal home) {
        this.scope = scope;
        this.once = once;
        this.again = again;
        this.emitter = emitter;
        this.home = home;
    }

    /**
     * The read, in this scope.
     *
     * @param once makes the call; it may be told by {@link CallScope#isHedge} that it is the second one
     * @param again asked once when the time has come: whether a second call is allowed and affordable
     */
    static <T> Uni<T> call(HedgeTimer timer, CallScope scope, Function<CallScope, Uni<T>> once, BooleanSupplier again) {
        return Uni.createFrom().deferred(() -> {
            ContextInternal home = ContextInternal.current();
            boolean inTime = scope.deadline().remainingNanos() > timer.afterNanos();
            return home != null && home.isEventLoopContext() && inTime
                    ? Uni.createFrom()
                            .<T>emitter(emitter -> new Hedged<T>(scope, once, again, emitter, home).start(timer))
                    : once.apply(scope);
        });
    }

    private void start(HedgeTimer timer) {
        emitter.onTermination(this::end);
        underWay = 1;
        first = subscribe(scope);
        if (!over) {
            place = timer.wait(home, this::due);
        }
    }

    private void due() {
        place = null;
        if (!over && again.getAsBoolean()) {
            underWay++;
            second = subscribe(scope.forHedge());
        }
    }

    private Cancellable subscribe(CallScope own) {
        return Uni.createFrom()
                .deferred(() -> once.apply(own))
                .subscribe()
                .with(item -> atHome(() -> won(item)), failed -> atHome(() -> lost(failed)));
    }

    private void won(T item) {
        if (!over) {
            over = true;
            emitter.complete(item);
        }
    }

    private void lost(Throwable failed) {
        if (over) {
            return;
        }
        underWay--;
        // a second call that found no place says nothing of the dependency, as the first one does
        failure = failure == null || failure instanceof CallFailure.Uncounted ? failed : failure;
        boolean answered = failed instanceof CallFailure.Uncounted refusal && refusal.isRefused();
        if (answered || underWay == 0) {
            over = true;
            emitter.fail(answered ? failed : failure);
        }
    }

    private void end() {
        atHome(() -> {
            over = true;
            if (place != null) {
                place.leave();
            }
            cancel(first);
            cancel(second);
        });
    }

    private static void cancel(@Nullable Cancellable call) {
        if (call != null) {
            call.cancel();
        }
    }

    private void atHome(Runnable step) {
        if (Thread.currentThread() == owner) {
            step.run();
        } else {
            home.runOnContext(there -> step.run());
        }
    }
}
