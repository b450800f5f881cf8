package org.vitrina.persistence;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.spi.PgDriver;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.spi.ConnectionFactory;
import java.net.ConnectException;
import java.util.List;

/**
 * Opens connections to the one of several servers that takes changes, as libpq's {@code target_session_attrs=read-write} does:
 * a primary and its replicas, of which any may be the primary tomorrow. The one that was found last is asked first.
 */
final class WritableServer {
    private final ConnectionFactory connections;
    private final List<PgConnectOptions> servers;
    private volatile int last;

    /** @param servers that hold the same database, at least one */
    WritableServer(Vertx vertx, List<PgConnectOptions> servers) {
        this.connections = PgDriver.INSTANCE.createConnectionFactory(vertx, servers.getFirst());
        this.servers = servers;
    }

    /** A connection on which changes can be made; fails where no server has one. */
    Future<SqlConnection> connect(Context context) {
        return connect(context, last, 0, "");
    }

    private Future<SqlConnection> connect(Context context, int first, int tried, String refusals) {
        if (tried == servers.size()) {
            return Future.failedFuture(new ConnectException("no server takes changes" + refusals));
        }
        int index = (first + tried) % servers.size();
        PgConnectOptions server = servers.get(index);
        return connections
                .connect(context, server)
                .compose(WritableServer::writable)
                .onSuccess(found -> last = index)
                .recover(failure -> connect(
                        context,
                        first,
                        tried + 1,
                        refusals + "; " + server.getHost() + ":" + server.getPort() + ": " + failure.getMessage()));
    }

    private static Future<SqlConnection> writable(SqlConnection connection) {
        return connection
                .query("SHOW transaction_read_only")
                .execute()
                .compose(rows -> "off".equals(rows.iterator().next().getString(0))
                        ? Future.succeededFuture(connection)
                        : Future.<SqlConnection>failedFuture("it is read-only"))
                .onFailure(unfit -> connection.close());
    }
}
