package org.vitrina.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.vitrina.migrations.DatabaseAddress;
import org.vitrina.servers.PostgresServer;

/** Two servers with the same database, of which one takes changes at a time. */
@SuppressWarnings("NullAway.Init")
class FailoverTest {
    private static final String DATABASE = "pair";

    private static PostgresServer one;
    private static PostgresServer other;

    @BeforeAll
    static void start() {
        one = PostgresServer.start();
        other = PostgresServer.start();
        for (PostgresServer server : List.of(one, other)) {
            server.createDatabase(DATABASE);
        }
    }

    @AfterAll
    static void end() {
        one.close();
        other.close();
    }

    @AfterEach
    void bothTakeChanges() {
        for (PostgresServer server : List.of(one, other)) {
            set(server, "default_transaction_read_only", "off");
            set(server, "synchronous_standby_names", "''");
        }
    }

    private static void set(PostgresServer server, String setting, String value) {
        server.execute("ALTER SYSTEM SET " + setting + " = " + value, "SELECT pg_reload_conf()");
        String shown = value.equals("''") ? "" : value;
        await().until(() -> shown.equals(server.value("SHOW " + setting)));
    }

    private static PoolFixture pool(Map<String, String> settings) {
        return new PoolFixture(List.of(address(one), address(other)), 2, settings);
    }

    private static DatabaseAddress address(PostgresServer server) {
        return new DatabaseAddress(
                "postgresql://127.0.0.1:" + server.port() + "/" + DATABASE, DATABASE, DATABASE + "-secret");
    }

    private static Future<RowSet<Row>> ask(PoolFixture fixture, String statement) {
        return fixture.background(() -> fixture.pool.query(statement).execute());
    }

    private static int askedServer(PoolFixture fixture) {
        return PoolFixture.await(ask(fixture, "SELECT inet_server_port()"))
                .iterator()
                .next()
                .getInteger(0);
    }

    @Test
    void asksTheOneThatTakesChanges() {
        set(one, "default_transaction_read_only", "on");
        try (PoolFixture fixture = pool(Map.of())) {
            assertThat(askedServer(fixture)).isEqualTo(other.port());
        }
    }

    @Test
    void leavesOneThatRefusesAChangeAtOnce() {
        try (PoolFixture fixture = pool(Map.of())) {
            assertThat(askedServer(fixture)).isEqualTo(one.port());
            set(one, "default_transaction_read_only", "on");

            // the server's process looks at its settings between two statements
            await().until(() -> PoolFixture.failure(ask(fixture, "CREATE TABLE IF NOT EXISTS late ()"))
                            instanceof PgException refused
                    && "25006".equals(refused.getSqlState()));
            assertThat(askedServer(fixture)).isEqualTo(other.port());
        }
    }

    @Test
    void goesOnAtTheOtherWhenOneDies() {
        try (PoolFixture fixture = pool(Map.of())) {
            assertThat(askedServer(fixture)).isEqualTo(one.port());
            one.kill();

            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(askedServer(fixture)).isEqualTo(other.port()));
        } finally {
            one.restart();
        }
    }

    @Test
    void saysWhyNoneCanBeAsked() {
        set(one, "default_transaction_read_only", "on");
        set(other, "default_transaction_read_only", "on");
        try (PoolFixture fixture = pool(Map.of())) {
            assertThat(PoolFixture.failure(ask(fixture, "SELECT 1")))
                    .hasMessage("no server takes changes; 127.0.0.1:%d: it is read-only; 127.0.0.1:%d: it is read-only"
                            .formatted(one.port(), other.port()));
        }
    }

    @Test
    void cancelsAtTheServerThatIsAsked() throws Exception {
        set(one, "default_transaction_read_only", "on");
        try (PoolFixture fixture = pool(Map.of());
                Connection lock = other.connect(DATABASE)) {
            assertThat(askedServer(fixture)).isEqualTo(other.port());
            lock.createStatement().execute("SELECT pg_advisory_lock(7)");

            Throwable late = PoolFixture.failure(fixture.request(
                    Duration.ofMillis(300),
                    () -> fixture.pool.query("SELECT pg_advisory_lock(7)").execute()));

            assertThat(late).hasMessageContaining("deadline");
            assertThat(other.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"))
                    .isEqualTo("0");
        }
    }

    /** Nobody is the replica: the wait for one ends by the time limit, or at the deadline. */
    @Test
    void confirmsNothingThatTheReplicaMayNotHave() {
        try (PoolFixture fixture = pool(Map.of("vitrina.postgres.statement-timeout", "400ms"))) {
            waitsForNobody(fixture);

            assertThat(PoolFixture.failure(ask(fixture, "INSERT INTO note VALUES (1)")))
                    .matches(DatabaseFailures::isLostAnswer, "is a lost answer");
            assertThat(PoolFixture.failure(fixture.background(() -> fixture.pool.withTransaction(transaction ->
                            transaction.query("INSERT INTO note VALUES (2)").execute()))))
                    .matches(DatabaseFailures::isLostAnswer, "is a lost answer");
        }
    }

    @Test
    void confirmsNothingThatWasCutShortWhileItWaitedForTheReplica() {
        try (PoolFixture fixture = pool(Map.of("vitrina.postgres.statement-timeout", "20s"))) {
            waitsForNobody(fixture);

            assertThat(PoolFixture.failure(fixture.request(Duration.ofSeconds(1), () -> fixture.pool
                            .query("INSERT INTO note VALUES (3)")
                            .execute())))
                    .matches(DatabaseFailures::isLostAnswer, "is a lost answer");
        }
    }

    private static void waitsForNobody(PoolFixture fixture) {
        PoolFixture.await(ask(fixture, "CREATE TABLE IF NOT EXISTS note (id integer)"));
        set(one, "synchronous_standby_names", "nobody");
        assertThat(askedServer(fixture)).isEqualTo(one.port());
    }
}
