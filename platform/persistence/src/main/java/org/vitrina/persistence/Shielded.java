package org.vitrina.persistence;

import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import java.util.function.Supplier;
import org.vitrina.runtime.VertxTimer;

/**
 * Work that a leaving caller does not cancel, as every {@code @WithSession} and {@code @WithTransaction} method is.
 *
 * <p>Panache closes its session when the work completes or fails, but not when it is cancelled, so a request cut off at
 * its deadline would keep a connection for ever. Shielded work comes to its own end and gives the connection back. At the
 * deadline, when the caller is answered, that end comes by {@link StatementDeadline}: the statement fails.
 */
public final class Shielded {
    /** Outside the interceptors of Panache, which have 200. */
    private static final int PRIORITY = 190;

    /** After a restart all pooled connections are dead; in this time the pool notices those that it would lend next. */
    private static final long NOTICE_MILLIS = 20;

    private Shielded() {}

    /** The same work, which goes on when its subscriber cancels. */
    public static <T> Uni<T> of(Uni<T> work) {
        return Uni.createFrom().emitter((UniEmitter<? super T> caller) -> {
            var unused = work.subscribe().with(caller::complete, caller::fail);
        });
    }

    /**
     * Around what opens a session, which is for reads: done again when its connection broke. A pooled connection may have
     * died with a restarted server, which shows only when it is used.
     */
    @WithSession
    @Interceptor
    @Priority(PRIORITY)
    static class Session {
        @AroundInvoke
        Object around(InvocationContext invocation) throws Exception {
            if (!isAsynchronous(invocation)) {
                return invocation.proceed();
            }
            Uni<Object> work = work(invocation);
            return of(work.onFailure(DatabaseFailures::isBrokenConnection)
                    .recoverWithUni(() -> pause().chain(() -> work)));
        }
    }

    /** Around what opens a transaction. */
    @WithTransaction
    @Interceptor
    @Priority(PRIORITY)
    static class Transaction {
        @AroundInvoke
        Object around(InvocationContext invocation) throws Exception {
            return isAsynchronous(invocation) ? of(work(invocation)) : invocation.proceed();
        }
    }

    private static boolean isAsynchronous(InvocationContext invocation) {
        return Uni.class.isAssignableFrom(invocation.getMethod().getReturnType());
    }

    @SuppressWarnings("unchecked")
    private static Uni<Object> work(InvocationContext invocation) {
        Supplier<Uni<?>> call = () -> {
            try {
                return (Uni<?>) invocation.proceed();
            } catch (Exception e) {
                return Uni.createFrom().failure(e);
            }
        };
        return Uni.createFrom().deferred(() -> (Uni<Object>) call.get());
    }

    /** On the same context, as sessions belong to one. */
    private static Uni<Void> pause() {
        return Uni.createFrom().deferred(() -> {
            Context context = Vertx.currentContext();
            return context == null ? Uni.createFrom().voidItem() : VertxTimer.after(context.owner(), NOTICE_MILLIS);
        });
    }
}
