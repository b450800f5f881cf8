package org.vitrina.persistence;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.vitrina.core.Deadline;
import org.vitrina.migrations.DatabaseAddress;
import org.vitrina.runtime.WorkDeadline;

/** A pool as services have it, on two event loops, without Quarkus. */
final class PoolFixture implements AutoCloseable {
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    final List<Context> loops = List.of(loop(), loop());
    final Pool pool;
    private int turn;

    /** @param settings of {@code vitrina.postgres} that are not the defaults */
    PoolFixture(DatabaseAddress address, int connections, Map<String, String> settings) {
        this(List.of(address), connections, settings);
    }

    /** The same with several servers. */
    PoolFixture(List<DatabaseAddress> addresses, int connections, Map<String, String> settings) {
        List<PgConnectOptions> options = addresses.stream()
                .map(address -> PgConnectOptions.fromUri(address.url().substring("jdbc:".length()))
                        .setUser(address.user())
                        .setPassword(address.password())
                        .setCachePreparedStatements(true))
                .toList();
        PostgresConfig config = new SmallRyeConfigBuilder()
                .withMapping(PostgresConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withDefaultValues(settings)
                .build()
                .getConfigMapping(PostgresConfig.class);
        pool = new BoundedPool(config, "pool-fixture", () -> registry).create(new Input(vertx, options, connections));
    }

    private Context loop() {
        return ((VertxInternal) vertx).createEventLoopContext();
    }

    /** Work on a context of its own, on the loops in turn, that a deadline cuts short. */
    <T> Future<T> request(Duration deadline, Supplier<Future<T>> work) {
        return onOwnContext(ended -> {
            var unused = WorkDeadline.during(
                            Deadline.in(deadline),
                            Uni.createFrom().completionStage(() -> work.get().toCompletionStage()))
                    .subscribe()
                    .with(ended::complete, ended::fail);
        });
    }

    /** Work on a context of its own, on the loops in turn, of no request. */
    <T> Future<T> background(Supplier<Future<T>> work) {
        return onOwnContext(ended -> work.get().onComplete(ended));
    }

    private <T> Future<T> onOwnContext(Consumer<Promise<T>> work) {
        Promise<T> ended = Promise.promise();
        VertxContext.createNewDuplicatedContext(loops.get(turn++ % loops.size()))
                .runOnContext(there -> work.accept(ended));
        return ended.future();
    }

    static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    /** What it fails with; null where it does not. */
    static Throwable failure(Future<?> future) {
        return await(future.transform(result -> Future.succeededFuture(result.cause())));
    }

    static boolean succeeds(Future<?> future) {
        return await(future.transform(result -> Future.succeededFuture(result.succeeded())));
    }

    /** Ids of the server's processes of as many connections as can be had at once. */
    List<Integer> allAtOnce(int connections) {
        List<SqlConnection> held = new ArrayList<>();
        List<Integer> pids = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            Future<SqlConnection> connection = pool.getConnection();
            if (succeeds(connection)) {
                held.add(connection.result());
            }
        }
        for (SqlConnection connection : held) {
            pids.add(await(connection.query("SELECT pg_backend_pid()").execute())
                    .iterator()
                    .next()
                    .getInteger(0));
        }
        for (SqlConnection connection : held) {
            await(connection.close());
        }
        pids.sort(null);
        return pids;
    }

    @Override
    public void close() {
        await(pool.close());
        await(vertx.close());
    }

    private record Input(Vertx vertx, List<PgConnectOptions> pgConnectOptionsList, int connections)
            implements PgPoolCreator.Input {
        @Override
        public PoolOptions poolOptions() {
            return new PoolOptions().setMaxSize(connections).setMaxLifetime(5).setMaxLifetimeUnit(TimeUnit.MINUTES);
        }
    }
}
