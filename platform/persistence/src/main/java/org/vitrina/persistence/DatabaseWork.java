package org.vitrina.persistence;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.interceptor.InvocationContext;
import java.util.function.Supplier;

/**
 * What surrounds every {@code @WithSession} and {@code @WithTransaction} method: a shield against cancellation.
 *
 * <p>Panache closes its session when the work completes or fails, but not when it is cancelled, so a request cut off at
 * its deadline would keep a connection for ever. Shielded work runs on to its own end, bounded by the statement timeout
 * and the silence limit, and gives the connection back; the caller is answered at its deadline all the same.
 */
final class DatabaseWork {
    /** Outside the interceptors of Panache, which have 200. */
    static final int PRIORITY = 190;

    /** After a restart all pooled connections are dead; in this time the pool notices those that it would lend next. */
    private static final long NOTICE_MILLIS = 20;

    private DatabaseWork() {}

    /**
     * @param repeatable whether the work may be done again when its connection broke: reads only. A pooled connection
     *     may have died with a restarted server, which shows only when it is used.
     */
    static Object around(InvocationContext invocation, boolean repeatable) throws Exception {
        if (!Uni.class.isAssignableFrom(invocation.getMethod().getReturnType())) {
            return invocation.proceed();
        }
        Supplier<Uni<?>> work = () -> {
            try {
                return (Uni<?>) invocation.proceed();
            } catch (Exception e) {
                return Uni.createFrom().failure(e);
            }
        };
        return shielded(repeatable ? repeatedOnce(work) : Uni.createFrom().deferred(() -> widen(work.get())));
    }

    @SuppressWarnings("unchecked")
    private static Uni<Object> widen(Uni<?> work) {
        return (Uni<Object>) work;
    }

    private static Uni<Object> repeatedOnce(Supplier<Uni<?>> work) {
        return Uni.createFrom()
                .deferred(() -> widen(work.get()))
                .onFailure(DatabaseFailures::isBrokenConnection)
                .recoverWithUni(() -> pause().chain(() -> widen(work.get())));
    }

    /** On the same context, as sessions belong to one. */
    private static Uni<Void> pause() {
        return Uni.createFrom().emitter(emitter -> {
            Context context = Vertx.currentContext();
            if (context == null) {
                emitter.complete(null);
            } else {
                context.owner().setTimer(NOTICE_MILLIS, fired -> emitter.complete(null));
            }
        });
    }

    private static <T> Uni<T> shielded(Uni<T> work) {
        return Uni.createFrom().emitter((UniEmitter<? super T> caller) -> {
            var unused = work.subscribe().with(caller::complete, caller::fail);
        });
    }
}
