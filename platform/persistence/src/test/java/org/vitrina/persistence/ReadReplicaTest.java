package org.vitrina.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vitrina.migrations.DatabaseAddress;
import org.vitrina.servers.PostgresServer;

/** Reads beside a real replica that keeps up, falls behind and goes. */
@Timeout(180)
class ReadReplicaTest {
    private static final Duration MAX_LAG = Duration.ofSeconds(1);
    private static final Duration AT_MOST = Duration.ofSeconds(10);
    private static final String PRICES = "SELECT price, pg_is_in_recovery() FROM prices";

    private PostgresServer primary;
    private PostgresServer standby;
    private PoolFixture database;
    private PoolFixture copy;
    private ReadReplica replica;

    /** @param copied whether it was read from the replica */
    private record Price(int price, boolean copied) {}

    @BeforeEach
    void start() {
        primary = PostgresServer.start();
        DatabaseAddress address = primary.createDatabase("shop");
        database = new PoolFixture(address, 2, Map.of());
        write("CREATE TABLE prices AS SELECT 1 AS price");
        standby = primary.startReplica();
        copy = new PoolFixture(
                new DatabaseAddress(
                        address.url().replace(":" + primary.port(), ":" + standby.port()),
                        address.user(),
                        address.password()),
                2,
                Map.of());
        replica = new ReadReplica(new Sql(new Pool(database.pool)), new Pool(copy.pool), MAX_LAG);
    }

    @AfterEach
    void end() {
        copy.close();
        database.close();
        standby.close();
        primary.close();
    }

    private void write(String sql) {
        PoolFixture.await(database.pool.query(sql).execute());
    }

    private Price read() {
        List<Price> found = replica.list(PRICES, Tuple.tuple(), row -> new Price(row.getInteger(0), row.getBoolean(1)))
                .await()
                .atMost(AT_MOST);
        return found.getFirst();
    }

    private void measure() {
        replica.work().onFailure().recoverWithNull().await().atMost(AT_MOST);
    }

    private void awaitRead() {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    measure();
                    return replica.isRead() && read().copied();
                });
    }

    @Test
    void readsItWhileItIsRecentAndTheDatabaseWhileItIsBehindOrAway() {
        // nothing is known of it yet
        assertThat(read()).isEqualTo(new Price(1, false));
        awaitRead();

        // behind: what it says is never older than the greatest lag
        standby.execute("SELECT pg_wal_replay_pause()");
        write("UPDATE prices SET price = 2");
        long written = System.nanoTime();
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    measure();
                    long asked = System.nanoTime();
                    Price found = read();
                    assertThat(found.price() == 2 || asked - written <= MAX_LAG.toNanos())
                            .as("%s, %d ms later", found, (asked - written) / 1_000_000)
                            .isTrue();
                    return !found.copied();
                });
        assertThat(read()).isEqualTo(new Price(2, false));

        // it catches up
        standby.execute("SELECT pg_wal_replay_resume()");
        awaitRead();
        assertThat(read().price()).isEqualTo(2);

        // gone in the middle: no read fails
        standby.kill();
        assertThat(read()).isEqualTo(new Price(2, false));
        assertThat(replica.isRead()).isFalse();
        measure();
        assertThat(read()).isEqualTo(new Price(2, false));
    }

    @Test
    void takesNoServerThatFollowsNobodyForAReplica() {
        ReadReplica mistaken = new ReadReplica(new Sql(new Pool(database.pool)), new Pool(database.pool), MAX_LAG);

        mistaken.work().onFailure().recoverWithNull().await().atMost(AT_MOST);

        assertThat(mistaken.isRead()).isFalse();
    }

    @Test
    void isTheDatabaseWhereThereIsNone() {
        ReadReplica none = new ReadReplica(new Sql(new Pool(database.pool)), null, MAX_LAG);

        assertThat(none.list(PRICES, Tuple.tuple(), row -> row.getInteger(0))
                        .await()
                        .atMost(AT_MOST))
                .containsExactly(1);
        none.work().await().atMost(AT_MOST);
        assertThat(none.isRead()).isFalse();
    }
}
