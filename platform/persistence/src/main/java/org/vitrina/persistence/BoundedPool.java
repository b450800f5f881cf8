package org.vitrina.persistence;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.IdleStateHandler;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.TrustOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.impl.SqlConnectionBase;
import io.vertx.sqlclient.impl.pool.SqlConnectionPool;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Instance;
import org.vitrina.core.TrustedAuthorities;

/**
 * Makes the pool with the limits that Quarkus has no setting for: a wait for a connection that ends at the deadline,
 * statements that do, an end for connections whose server went silent, and ages of connections that differ. Of several servers
 * (more than one URL) the one that takes changes is asked.
 */
@Singleton
class BoundedPool implements PgPoolCreator {
    /** So that the connections of a busy start do not all end at one moment. */
    private static final double AGE_JITTER = 0.2;

    private final PostgresConfig config;
    private final String application;
    private final LateWork late;
    private final StatementTimes times;

    BoundedPool(
            PostgresConfig config,
            @ConfigProperty(name = "quarkus.application.name", defaultValue = "vitrina") String application,
            Provider<MeterRegistry> registry) {
        this.config = config;
        this.application = application;
        this.late = new LateWork(registry::get);
        this.times = new StatementTimes(registry::get);
    }

    @Override
    @SuppressWarnings("deprecation") // a list of addresses is taken in turn, replicas too
    public Pool create(Input input) {
        PoolOptions options = input.poolOptions()
                .setMaxWaitQueueSize(config.maxWaiting())
                // TimedPool limits the wait: this one loses connections
                .setConnectionTimeout(0);
        List<PgConnectOptions> addresses = new ArrayList<>();
        for (PgConnectOptions address : input.pgConnectOptionsList()) {
            addresses.add(limited(address));
        }
        var requests = new CancelRequests(input.vertx(), config, addresses.getFirst());
        Pool pool = PgBuilder.pool()
                .with(options)
                .connectingTo(addresses.getFirst())
                .withConnectHandler(connection -> {
                    prepare(connection, requests);
                    // into the pool
                    connection.close();
                })
                .using(input.vertx())
                .build();
        if (addresses.size() > 1) {
            pool.connectionProvider(new WritableServer(input.vertx(), addresses)::connect);
        }
        return new TimedPool(pool, (VertxInternal) input.vertx(), config.acquireTimeout(), late);
    }

    private void prepare(SqlConnection connection, CancelRequests requests) {
        if (connection instanceof SqlConnectionBase<?> lent
                && lent.unwrap() instanceof SqlConnectionPool.PooledConnection pooled) {
            long left = pooled.lifetimeEvictionTimestamp - System.currentTimeMillis();
            pooled.lifetimeEvictionTimestamp -=
                    (long) (left * AGE_JITTER * ThreadLocalRandom.current().nextDouble());
        }
        SocketConnectionBase established = established(connection);
        if (established != null) {
            ChannelHandlerContext last = established.socket().channelHandlerContext();
            ChannelPipeline pipeline = last.pipeline();
            // the limit of the handshake, which an idle connection would meet too
            pipeline.remove(IdleStateHandler.class);
            pipeline.addBefore(last.name(), "silence", new SilenceLimit(config.silenceLimit()));
            pipeline.addBefore(last.name(), "failover", new FailoverSigns());
            var deadlines = new StatementDeadline(established, requests, late);
            pipeline.addBefore(last.name(), "deadline", deadlines);
            pipeline.addBefore(last.name(), "times", times.handler(deadlines));
        }
    }

    /** The connection itself under what the pool lends; null where the client has none of the known kind. */
    static @Nullable SocketConnectionBase established(SqlConnection lent) {
        return lent instanceof SqlConnectionBase<?> pooled
                        && pooled.unwrap().unwrap() instanceof SocketConnectionBase established
                ? established
                : null;
    }

    private PgConnectOptions limited(PgConnectOptions address) {
        if (address.getSslMode() == SslMode.VERIFY_FULL || address.getSslMode() == SslMode.VERIFY_CA) {
            address.setTrustOptions(TrustOptions.wrap(TrustedAuthorities.of("vitrina.postgres.ca-file", config.caFile())
                    .manager()));
            address.setHostnameVerificationAlgorithm(address.getSslMode() == SslMode.VERIFY_FULL ? "HTTPS" : "");
        }
        address.setConnectTimeout(millis(config.connectTimeout()));
        address.setTcpKeepAlive(true);
        // StatementDeadline cancels what the server is at: that must be the one statement that it knows of
        address.setPipeliningLimit(1);
        address.setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        // for the handshake; then SilenceLimit takes over
        address.setReadIdleTimeout(millis(config.silenceLimit()));
        // as the server lists its connections, and as what is on record of who did something
        address.addProperty("application_name", application + "@" + Instance.name());
        address.addProperty("statement_timeout", Integer.toString(millis(config.statementTimeout())));
        address.addProperty(
                "idle_in_transaction_session_timeout", Integer.toString(millis(config.idleInTransactionTimeout())));
        // what our statements were written for, whatever the database's own setting is
        address.addProperty("default_transaction_isolation", "read committed");
        // a server process whose client is gone must not go on holding locks
        address.addProperty("client_connection_check_interval", "1000");
        return address;
    }

    private static int millis(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }
}
