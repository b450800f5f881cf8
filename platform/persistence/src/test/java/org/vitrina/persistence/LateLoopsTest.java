package org.vitrina.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.impl.VertxInternal;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vitrina.migrations.DatabaseAddress;
import org.vitrina.servers.PostgresServer;

/**
 * Where a processor is scarce, a connection may be on its way to a request, over to another event loop, when that request's
 * wait ends. Such a connection must come back: a pool that loses one each time ends as a service that has none left.
 */
class LateLoopsTest {
    private static final int CONNECTIONS = 3;
    private static final int ROUNDS = 40;
    private static final int REQUESTS = 12;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private final List<Context> loops = List.of(loop(), loop());
    private Pool pool;

    @BeforeEach
    void open() {
        DatabaseAddress address = PostgresServer.shared().createDatabase("late_loops");
        URI uri = URI.create(address.url().substring("jdbc:".length()));
        PgConnectOptions options = new PgConnectOptions()
                .setHost(uri.getHost())
                .setPort(uri.getPort())
                .setDatabase(uri.getPath().substring(1))
                .setUser(address.user())
                .setPassword(address.password());
        pool = new BoundedPool(shortWaits(), "late-loops").create(new Input(vertx, options));
    }

    @AfterEach
    void close() throws Exception {
        pool.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aConnectionThatComesWhenTheWaitIsOverGoesBack() throws Exception {
        Random random = new Random(7);
        int[] outcomes = new int[2];
        for (int round = 0; round < ROUNDS; round++) {
            List<Future<Void>> requests = new ArrayList<>();
            for (int request = 0; request < REQUESTS; request++) {
                requests.add(request(loops.get(request % loops.size())));
            }
            for (Context loop : loops) {
                for (int at = 1; at < 60; at += 1 + random.nextInt(20)) {
                    int stall = random.nextInt(30);
                    vertx.setTimer(at, fired -> loop.runOnContext(ignored -> block(stall)));
                }
            }
            for (Future<Void> request : requests) {
                outcomes[ended(request) ? 0 : 1]++;
            }
        }
        assertThat(outcomes[0]).as("requests that got a connection").isPositive();
        assertThat(outcomes[1]).as("requests whose wait ended before").isPositive();
        // the last stalls are still to come
        await("every connection can still be had")
                .atMost(10, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(allAtOnce()).isEqualTo(CONNECTIONS));
    }

    private Context loop() {
        return ((VertxInternal) vertx).createEventLoopContext();
    }

    /** Takes a connection, keeps it for a moment, gives it back. */
    private Future<Void> request(Context loop) {
        var ended = Promise.<Void>promise();
        loop.runOnContext(ignored -> pool.withConnection(connection ->
                        connection.query("SELECT pg_sleep(0.004)").execute().<Void>mapEmpty())
                .onComplete(ended));
        return ended.future();
    }

    private static boolean ended(Future<?> request) throws Exception {
        return request.transform(result -> Future.succeededFuture(result.succeeded()))
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private int allAtOnce() throws Exception {
        List<SqlConnection> held = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            Future<SqlConnection> connection = pool.getConnection();
            if (ended(connection)) {
                held.add(connection.result());
            }
        }
        for (SqlConnection connection : held) {
            connection.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
        return held.size();
    }

    @SuppressWarnings("ThreadSleep") // it is what is tested: a loop that nothing gets through to
    private static void block(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static PostgresConfig shortWaits() {
        return new SmallRyeConfigBuilder()
                .withMapping(PostgresConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withDefaultValues(Map.of("vitrina.postgres.acquire-timeout", "15ms"))
                .build()
                .getConfigMapping(PostgresConfig.class);
    }

    private record Input(Vertx vertx, PgConnectOptions options) implements PgPoolCreator.Input {
        @Override
        public PoolOptions poolOptions() {
            return new PoolOptions().setMaxSize(CONNECTIONS);
        }

        @Override
        public List<PgConnectOptions> pgConnectOptionsList() {
            return List.of(options);
        }
    }
}
