package org.vitrina.persistence;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnectOptions;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Makes the pool with the limits that Quarkus has no setting for: a bounded queue before it, a bounded wait in that
 * queue, and an end for connections whose server went silent.
 */
@Singleton
class BoundedPool implements PgPoolCreator {
    private final PostgresConfig config;
    private final String application;

    BoundedPool(
            PostgresConfig config,
            @ConfigProperty(name = "quarkus.application.name", defaultValue = "vitrina") String application) {
        this.config = config;
        this.application = application;
    }

    @Override
    public Pool create(Input input) {
        PoolOptions options = input.poolOptions()
                .setMaxWaitQueueSize(config.maxWaiting())
                // TimedPool limits the wait: this one loses connections
                .setConnectionTimeout(0);
        List<SqlConnectOptions> addresses = new ArrayList<>();
        for (PgConnectOptions address : input.pgConnectOptionsList()) {
            addresses.add(limited(address));
        }
        Pool pool = PgBuilder.pool()
                .with(options)
                .connectingTo(addresses)
                .withConnectHandler(connection -> {
                    SilenceLimit.on(connection, config.silenceLimit());
                    // into the pool
                    connection.close();
                })
                .using(input.vertx())
                .build();
        return new TimedPool(pool, input.vertx(), config.acquireTimeout());
    }

    private PgConnectOptions limited(PgConnectOptions address) {
        address.setConnectTimeout(millis(config.connectTimeout()));
        address.setTcpKeepAlive(true);
        address.setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        // for the handshake; then SilenceLimit takes over
        address.setReadIdleTimeout(millis(config.silenceLimit()));
        address.addProperty("application_name", application);
        address.addProperty("statement_timeout", Integer.toString(millis(config.statementTimeout())));
        address.addProperty(
                "idle_in_transaction_session_timeout", Integer.toString(millis(config.idleInTransactionTimeout())));
        // a server process whose client is gone must not go on holding locks
        address.addProperty("client_connection_check_interval", "1000");
        return address;
    }

    private static int millis(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }
}
