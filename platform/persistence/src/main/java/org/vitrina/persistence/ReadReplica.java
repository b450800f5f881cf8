package org.vitrina.persistence;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.vitrina.runtime.RecurringTask;

/**
 * Reads of what may be a little old, from a replica where there is one that is recent enough, else from the database itself.
 * Never for money or stock.
 *
 * <p>How recent it is is measured by positions of the write-ahead log: the database's own is asked for, and when the replica
 * has come to it, it has all that was there at the moment of asking. A replica's clock or the age of its last transaction
 * would say nothing while nobody writes.
 */
@Singleton
public class ReadReplica implements RecurringTask {
    /** A replica that answers later than this is not waited for: the database may still answer in time. */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(250);

    /** So often in its greatest lag it is measured. */
    private static final int LOOKS = 8;

    private static final String POSITION = "SELECT pg_current_wal_lsn()::text";
    private static final String HAS_IT = "SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= $1::text::pg_lsn";

    private static final int CONNECTIONS = 10;

    private final Sql database;
    private final @Nullable Pool pool;
    private final @Nullable Sql replica;
    private final Duration maxLag;

    /** A position that the replica has not come to yet; of one turn at a time. */
    private volatile @Nullable Position awaited;

    /** At this instant the replica was not behind; null: it is not to be read. */
    private volatile @Nullable Long complete;

    /** @param asked when, by {@link System#nanoTime} */
    private record Position(String lsn, long asked) {}

    @Inject
    ReadReplica(
            Sql database,
            PostgresConfig config,
            BoundedPool pools,
            Vertx vertx,
            @ConfigProperty(name = "quarkus.datasource.username") Optional<String> user,
            @ConfigProperty(name = "quarkus.datasource.password") Optional<String> password) {
        this(
                database,
                config.readUrl()
                        .map(url -> new Pool(pools.create(new Input(vertx, List.of(address(url, user, password))))))
                        .orElse(null),
                config.readMaxLag());
    }

    ReadReplica(Sql database, @Nullable Pool pool, Duration maxLag) {
        this.database = database;
        this.pool = pool;
        this.replica = pool == null ? null : new Sql(pool);
        this.maxLag = maxLag;
    }

    private static PgConnectOptions address(String url, Optional<String> user, Optional<String> password) {
        PgConnectOptions address = PgConnectOptions.fromUri(url).setCachePreparedStatements(true);
        user.ifPresent(address::setUser);
        password.ifPresent(address::setPassword);
        return address;
    }

    /** As {@link Sql#list}. */
    public <T> Uni<List<T>> list(String statement, Tuple parameters, Function<Row, T> mapping) {
        Sql recent = recent();
        if (recent == null) {
            return database.list(statement, parameters, mapping);
        }
        return recent.list(statement, parameters, mapping)
                .ifNoItem()
                .after(LONGEST_WAIT)
                .fail()
                .onFailure()
                .recoverWithUni(failure -> {
                    complete = null;
                    return database.list(statement, parameters, mapping);
                });
    }

    private @Nullable Sql recent() {
        Long at = complete;
        return at != null && System.nanoTime() - at <= maxLag.toNanos() ? replica : null;
    }

    /** Whether the replica is read now. */
    boolean isRead() {
        return recent() != null;
    }

    @Override
    public String name() {
        return "measuring how far the replica is behind";
    }

    @Override
    public Duration every() {
        return replica == null ? Duration.ofHours(1) : maxLag.dividedBy(LOOKS);
    }

    @Override
    public Duration limit() {
        return maxLag.compareTo(LONGEST_WAIT) > 0 ? maxLag : LONGEST_WAIT;
    }

    @Override
    public Uni<?> work() {
        Sql asked = replica;
        return asked == null ? Uni.createFrom().voidItem() : position().chain(position -> look(asked, position));
    }

    private Uni<Position> position() {
        Position before = awaited;
        if (before != null) {
            return Uni.createFrom().item(before);
        }
        long asked = System.nanoTime();
        return database.list(POSITION, Tuple.tuple(), row -> row.getString(0))
                .map(found -> new Position(found.getFirst(), asked))
                .invoke(found -> awaited = found);
    }

    private Uni<List<Boolean>> look(Sql asked, Position position) {
        return asked.list(HAS_IT, Tuple.of(position.lsn()), row -> Boolean.TRUE.equals(row.getBoolean(0)))
                .invoke(has -> {
                    if (has.contains(true)) {
                        complete = position.asked();
                        awaited = null;
                    }
                });
    }

    @PreDestroy
    void close() {
        if (pool != null) {
            pool.closeAndForget();
        }
    }

    private record Input(Vertx vertx, List<PgConnectOptions> pgConnectOptionsList) implements PgPoolCreator.Input {
        @Override
        public PoolOptions poolOptions() {
            return new PoolOptions()
                    .setMaxSize(CONNECTIONS)
                    .setMaxLifetime(5)
                    .setMaxLifetimeUnit(TimeUnit.MINUTES)
                    .setIdleTimeout(1)
                    .setIdleTimeoutUnit(TimeUnit.MINUTES);
        }
    }
}
