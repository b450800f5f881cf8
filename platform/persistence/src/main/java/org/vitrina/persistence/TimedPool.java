package org.vitrina.persistence;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgPool;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PrepareOptions;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Query;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.function.Function;

/**
 * A pool in which nobody waits for a connection longer than a limit. The limit of the Vert.x pool itself (4.5.27) loses a
 * connection for ever when that was on its way to the waiter, over to another event loop, as the wait ended; a service
 * whose processor is scarce for some seconds then has none left, and never recovers. Here such a connection goes back.
 *
 * <p>Who gave up keeps a place in the queue until a connection is free, so the queue's own limit counts them too.
 */
@SuppressWarnings("deprecation") // Quarkus 3.33 casts what it is given to PgPool
final class TimedPool implements PgPool {
    private final Pool pool;
    private final Vertx vertx;
    private final long limitMillis;

    /** @param pool without a limit of its own */
    TimedPool(Pool pool, Vertx vertx, Duration limit) {
        this.pool = pool;
        this.vertx = vertx;
        this.limitMillis = limit.toMillis();
    }

    @Override
    public Future<SqlConnection> getConnection() {
        Future<SqlConnection> lent = pool.getConnection();
        if (lent.isComplete()) {
            return lent;
        }
        Promise<SqlConnection> waiter = Promise.promise();
        long timer = vertx.setTimer(limitMillis, fired -> waiter.tryFail(timeout()));
        lent.onComplete(result -> {
            vertx.cancelTimer(timer);
            if (result.failed()) {
                waiter.tryFail(result.cause());
            } else if (!waiter.tryComplete(result.result())) {
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
    public Query<RowSet<Row>> query(String sql) {
        return new LentQuery<>(this, connection -> connection.query(sql));
    }

    @Override
    public PreparedQuery<RowSet<Row>> preparedQuery(String sql) {
        return new LentPreparedQuery<>(this, connection -> connection.preparedQuery(sql));
    }

    @Override
    public PreparedQuery<RowSet<Row>> preparedQuery(String sql, PrepareOptions options) {
        return new LentPreparedQuery<>(this, connection -> connection.preparedQuery(sql, options));
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
