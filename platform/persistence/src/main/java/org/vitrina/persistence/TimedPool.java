package org.vitrina.persistence;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.VertxException;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.impl.future.PromiseInternal;
import io.vertx.pgclient.PgPool;
import io.vertx.pgclient.spi.PgDriver;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SqlClientBase;
import io.vertx.sqlclient.impl.SqlConnectionBase;
import io.vertx.sqlclient.impl.command.CommandBase;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Deadline;
import org.vitrina.runtime.WorkDeadline;
import org.vitrina.runtime.trace.TraceSpan;

/**
 * A pool in which nobody waits for a connection beyond the deadline of its work, or, where that has none, beyond a limit;
 * and whose connections know that deadline while they are lent for it ({@link StatementDeadline}). A statement without a
 * connection of its own borrows one for its execution.
 *
 * <p>The limit of the Vert.x pool itself (4.5.27) loses a connection for ever when that was on its way to the waiter, over
 * to another event loop, as the wait ended; a service whose processor is scarce for some seconds then has none left, and
 * never recovers. Here such a connection goes back. Who gave up keeps a place in the queue until a connection is free, so
 * the queue's own limit counts them too.
 */
@SuppressWarnings("deprecation") // Quarkus 3.33 casts what it is given to PgPool
final class TimedPool extends SqlClientBase implements PgPool {
    private final Pool pool;
    private final VertxInternal vertx;
    private final long limitMillis;
    private final LateWork late;

    /** @param pool without a limit of its own */
    TimedPool(Pool pool, VertxInternal vertx, Duration limit, LateWork late) {
        super(PgDriver.INSTANCE);
        this.pool = pool;
        this.vertx = vertx;
        this.limitMillis = limit.toMillis();
        this.late = late;
    }

    @Override
    public Future<SqlConnection> getConnection() {
        Deadline deadline = WorkDeadline.current();
        if (deadline != null && deadline.passed()) {
            return Future.failedFuture(late.withoutConnection());
        }
        TraceSpan span = TraceSpan.current();
        long asked = span.isRecording() ? System.nanoTime() : 0;
        Promise<SqlConnection> waiter = Promise.promise();
        // +1: timers have whole milliseconds and must not fire before the deadline has passed
        long wait = deadline == null ? limitMillis : deadline.remainingMillis() + 1;
        long timer =
                vertx.setTimer(wait, fired -> waiter.tryFail(deadline == null ? timeout() : late.withoutConnection()));
        pool.getConnection().onComplete(result -> {
            vertx.cancelTimer(timer);
            if (result.failed()) {
                waiter.tryFail(result.cause());
                return;
            }
            StatementDeadline.lend(
                    result.result(), new Borrower(deadline, span, asked == 0 ? 0 : System.nanoTime() - asked));
            if (!waiter.tryComplete(result.result())) {
                result.result().close();
            }
        });
        return waiter.future();
    }

    private static VertxException timeout() {
        return new VertxException("Timeout waiting for connection", true);
    }

    @Override
    public void getConnection(Handler<AsyncResult<SqlConnection>> handler) {
        getConnection().onComplete(handler);
    }

    @Override
    public <R> Future<R> schedule(ContextInternal context, CommandBase<R> command) {
        return withConnection(connection -> ((SqlConnectionBase<?>) connection).schedule(context, command));
    }

    @Override
    protected ContextInternal context() {
        return vertx.getOrCreateContext();
    }

    @Override
    protected <T> PromiseInternal<T> promise() {
        return context().promise();
    }

    @Override
    protected <T> PromiseInternal<T> promise(@Nullable Handler<AsyncResult<T>> handler) {
        return context().promise(handler);
    }

    @Override
    public int size() {
        return pool.size();
    }

    @Override
    public Future<Void> close() {
        return pool.close();
    }

    @Override
    public void close(Handler<AsyncResult<Void>> handler) {
        pool.close(handler);
    }

    @Override
    public PgPool connectHandler(Handler<SqlConnection> handler) {
        throw new UnsupportedOperationException("connections are prepared by BoundedPool");
    }

    @Override
    public PgPool connectionProvider(Function<Context, Future<SqlConnection>> provider) {
        throw new UnsupportedOperationException("connections are made by BoundedPool");
    }
}
