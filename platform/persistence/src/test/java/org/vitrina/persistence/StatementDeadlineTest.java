package org.vitrina.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.impl.SqlConnectionBase;
import io.vertx.sqlclient.impl.pool.SqlConnectionPool;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.migrations.DatabaseAddress;
import org.vitrina.runtime.WorkDeadline;
import org.vitrina.servers.PostgresServer;

/** Deadlines of requests in the database: what they end, what they leave alone, and what stays of the pool. */
@SuppressWarnings("NullAway.Init")
class StatementDeadlineTest {
    private static final int CONNECTIONS = 5;

    /** For a machine that has other work; ADR 0038 has the figures. */
    private static final Duration SOON = Duration.ofSeconds(5);

    private static final String INCREMENT = "UPDATE item SET pieces = pieces + 1 WHERE id = $1";

    private static final PostgresServer SERVER = PostgresServer.shared();
    private static PoolFixture fixture;

    @BeforeAll
    static void open() {
        DatabaseAddress address = SERVER.createDatabase("deadlines");
        // what a pool must not inherit
        SERVER.execute("ALTER DATABASE deadlines SET default_transaction_isolation = 'serializable'");
        fixture = new PoolFixture(
                address,
                CONNECTIONS,
                Map.of("vitrina.postgres.acquire-timeout", "2s", "vitrina.postgres.max-waiting", "700"));
        sql(
                "CREATE TABLE item (id integer PRIMARY KEY, pieces integer NOT NULL)",
                "GRANT ALL ON item TO PUBLIC",
                "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1.8); RETURN NULL; END'",
                """
                CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON item DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW WHEN (new.id >= 100) EXECUTE FUNCTION slow()""");
    }

    @BeforeEach
    void clean() {
        sql("DELETE FROM item", "INSERT INTO item VALUES (1, 0)");
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @Test
    void aStatementThatWaitsForALockIsCancelledAtTheDeadlineAndItsConnectionStays() throws Exception {
        List<Integer> before = fixture.allAtOnce(CONNECTIONS);
        double cutBefore = cut("update item");
        try (Connection lock = lockItem()) {
            long start = System.nanoTime();
            Future<RowSet<Row>> request = fixture.request(Duration.ofMillis(200), () -> increment(1));
            assertLate(PoolFixture.failure(request));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(200), SOON);
            assertThat(atWork()).isZero();
            lock.rollback();
        }
        assertThat(fixture.allAtOnce(CONNECTIONS)).isEqualTo(before);
        assertThat(pieces()).isZero();
        assertThat(cut("update item") - cutBefore).isEqualTo(1);
        PoolFixture.await(fixture.request(SOON, () -> increment(1)));
        assertThat(pieces()).isEqualTo(1);
    }

    @Test
    void fiftyAtOnceLeaveThePoolWhole() throws Exception {
        List<Integer> before = fixture.allAtOnce(CONNECTIONS);
        try (Connection lock = lockItem()) {
            List<Future<RowSet<Row>>> requests = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                requests.add(fixture.request(Duration.ofMillis(200), () -> increment(1)));
            }
            for (Future<RowSet<Row>> request : requests) {
                assertLate(PoolFixture.failure(request));
            }
            await().atMost(SOON).until(() -> atWork() == 0);
            lock.rollback();
        }
        assertThat(fixture.allAtOnce(CONNECTIONS)).isEqualTo(before);
        assertThat(pieces()).isZero();
    }

    @Test
    void aStatementWhosePreparationWaitsForALockIsCancelledToo() throws Exception {
        try (Connection lock = connect()) {
            lock.setAutoCommit(false);
            lock.createStatement().execute("LOCK TABLE item IN ACCESS EXCLUSIVE MODE");
            assertLate(PoolFixture.failure(fixture.request(
                    Duration.ofMillis(200),
                    () -> fixture.pool.preparedQuery("SELECT 7 FROM item").execute())));
            lock.rollback();
        }
    }

    @Test
    void aCommitIsNotCutShort() {
        PoolFixture.await(fixture.request(
                Duration.ofMillis(1200), () -> fixture.pool.withTransaction(connection -> insert(connection, 100))));
        assertThat(count(100)).isEqualTo(1);
    }

    @Test
    void aTransactionGoesNoFurtherAfterTheDeadlineAndIsRolledBack() {
        Future<RowSet<Row>> request = fixture.request(
                Duration.ofMillis(200),
                () -> fixture.pool.withTransaction(connection ->
                        insert(connection, 2).compose(done -> after(300)).compose(done -> insert(connection, 3))));
        assertLate(PoolFixture.failure(request));
        assertThat(count(2) + count(3)).isZero();
        assertThat(fixture.allAtOnce(CONNECTIONS)).hasSize(CONNECTIONS);
    }

    @Test
    void whatHasNoDeadlineOrNoneAnyMoreIsNotCutShort() {
        PoolFixture.await(fixture.background(() -> sleep(0.3)));
        PoolFixture.await(fixture.request(Duration.ofMillis(50), () -> {
            WorkDeadline.lift();
            return sleep(0.3);
        }));
        // nor what comes after work that ended in time
        PoolFixture.await(fixture.background(() -> sleep(0.3)));
    }

    @Test
    void aWaitForAConnectionEndsAtTheDeadlineAndNoSooner() {
        List<SqlConnection> all = takeAll();
        Future<RowSet<Row>> patient = fixture.request(SOON, () -> sleep(0));
        Future<RowSet<Row>> hasty = fixture.request(Duration.ofMillis(150), () -> sleep(0));
        Future<RowSet<Row>> nobodys = fixture.background(() -> sleep(0));

        assertThat(PoolFixture.failure(nobodys)).hasMessage("Timeout waiting for connection");
        assertLate(PoolFixture.failure(hasty));
        assertThat(patient.isComplete()).isFalse();
        giveBack(all);
        PoolFixture.await(patient);
        assertThat(fixture.registry.get("vitrina.postgres.waits.cut").counter().count())
                .isPositive();
    }

    @Test
    void fiveHundredAtOnceAreServedOneAfterTheOther() {
        List<Future<RowSet<Row>>> requests = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            requests.add(fixture.request(Duration.ofSeconds(30), () -> sleep(0.002)));
        }
        for (Future<RowSet<Row>> request : requests) {
            PoolFixture.await(request);
        }
    }

    @Test
    void theQueueBeforeThePoolIsBounded() {
        List<SqlConnection> all = takeAll();
        List<Future<RowSet<Row>>> requests = new ArrayList<>();
        for (int i = 0; i < 800; i++) {
            requests.add(fixture.request(Duration.ofSeconds(30), () -> sleep(0)));
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(requests.stream().filter(Future::failed))
                .hasSize(100)
                .allSatisfy(refused -> assertThat(refused.cause()).isInstanceOf(ConnectionPoolTooBusyException.class)));
        giveBack(all);
        assertThat(requests.stream().filter(PoolFixture::succeeds)).hasSize(700);
    }

    /**
     * Statements that end just as their deadline passes, each followed at once by one of no deadline over the same
     * connection: a cancel that is late must not meet that.
     */
    @Test
    void aCancelNeverMeetsTheNextStatement() {
        int rounds = Integer.getInteger("vitrina.test.cancel-races", 400);
        try (var one = new PoolFixture(SERVER.createDatabase("races"), 1, Map.of())) {
            for (int round = 0; round < rounds; round++) {
                Duration deadline = Duration.ofNanos(ThreadLocalRandom.current().nextLong(1_000_000, 5_000_000));
                Future<RowSet<Row>> racing = one.request(
                        deadline, () -> one.pool.query("SELECT pg_sleep(0.003)").execute());
                Future<RowSet<Row>> next = racing.transform(
                        ended -> one.pool.query("SELECT pg_sleep(0.002)").execute());
                PoolFixture.await(next);
            }
            double cut = one.registry
                    .get("vitrina.postgres.statements.cut")
                    .counter()
                    .count();
            assertThat(cut).as("statements cut short").isBetween(1.0, rounds - 1.0);
        }
    }

    /** It will neither answer nor close anything: neither the connections nor the request to cancel. */
    @Test
    void aServerThatFellSilentHoldsNoConnection() {
        try (var two =
                new PoolFixture(SERVER.createDatabase("silence"), 2, Map.of("vitrina.postgres.silence-limit", "1s"))) {
            await().atMost(SOON).until(() -> two.allAtOnce(2).size() == 2);
            SERVER.freeze();
            try {
                Future<RowSet<Row>> nobodys =
                        two.background(() -> two.pool.query("SELECT 1").execute());
                Future<RowSet<Row>> late = two.request(
                        Duration.ofMillis(500), () -> two.pool.query("SELECT 1").execute());
                assertThat(PoolFixture.failure(nobodys)).isInstanceOf(ClosedConnectionException.class);
                assertThat(PoolFixture.failure(late)).isInstanceOf(ClosedConnectionException.class);
                await().atMost(SOON).until(() -> two.pool.size() == 0);
            } finally {
                SERVER.thaw();
            }
            await().atMost(SOON).until(() -> two.allAtOnce(2).size() == 2);
        }
    }

    @Test
    void transactionsAreReadCommittedWhateverTheDatabaseSays() {
        assertThat(PoolFixture.await(fixture.background(() ->
                                fixture.pool.query("SHOW transaction_isolation").execute()))
                        .iterator()
                        .next()
                        .getString(0))
                .isEqualTo("read committed");
    }

    @Test
    void connectionsHaveAgesThatDiffer() {
        long begin = System.currentTimeMillis();
        List<Long> ends = new ArrayList<>();
        try (var three = new PoolFixture(SERVER.createDatabase("ages"), 3, Map.of())) {
            List<SqlConnection> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                all.add(PoolFixture.await(three.background(three.pool::getConnection)));
            }
            for (SqlConnection one : all) {
                ends.add(((SqlConnectionPool.PooledConnection) ((SqlConnectionBase<?>) one).unwrap())
                        .lifetimeEvictionTimestamp);
            }
            giveBack(all);
        }
        assertThat(ends).doesNotHaveDuplicates();
        assertThat(ends).allSatisfy(end -> assertThat(end)
                .isBetween(
                        begin + TimeUnit.MINUTES.toMillis(4),
                        System.currentTimeMillis() + TimeUnit.MINUTES.toMillis(5)));
    }

    private static List<SqlConnection> takeAll() {
        List<SqlConnection> all = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            all.add(PoolFixture.await(fixture.background(fixture.pool::getConnection)));
        }
        return all;
    }

    private static void giveBack(List<SqlConnection> all) {
        for (SqlConnection one : all) {
            PoolFixture.await(one.close());
        }
    }

    private static Future<RowSet<Row>> increment(int id) {
        return fixture.pool.preparedQuery(INCREMENT).execute(Tuple.of(id));
    }

    private static Future<RowSet<Row>> sleep(double seconds) {
        return fixture.pool.preparedQuery("SELECT pg_sleep($1)").execute(Tuple.of(seconds));
    }

    private static Future<RowSet<Row>> insert(SqlConnection connection, int id) {
        return connection.preparedQuery("INSERT INTO item VALUES ($1, 0)").execute(Tuple.of(id));
    }

    private static Future<Void> after(long millis) {
        Promise<Void> passed = Promise.promise();
        fixture.vertx.setTimer(millis, fired -> passed.complete());
        return passed.future();
    }

    private static double cut(String statement) {
        var counter = fixture.registry
                .find("vitrina.postgres.statements.cut")
                .tag("statement", statement)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    private static void assertLate(Throwable failure) {
        assertThat(failure).isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(problem.code())
                .isEqualTo(ErrorCode.TIMEOUT));
    }

    private static Connection connect() {
        return SERVER.connect("deadlines");
    }

    private static Connection lockItem() throws SQLException {
        Connection lock = connect();
        lock.setAutoCommit(false);
        try (var statement = lock.createStatement()) {
            statement.execute("SELECT 1 FROM item WHERE id = 1 FOR UPDATE");
        }
        return lock;
    }

    /** Statements of the pool that the server is at. */
    private static int atWork() {
        return number("SELECT count(*) FROM pg_stat_activity WHERE datname = 'deadlines' AND state = 'active'"
                + " AND application_name LIKE 'pool-fixture@%'");
    }

    private static int pieces() {
        return number("SELECT pieces FROM item WHERE id = 1");
    }

    private static int count(int id) {
        return number("SELECT count(*) FROM item WHERE id = " + id);
    }

    private static int number(String query) {
        try (var connection = connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return row.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void sql(String... statements) {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            for (String one : statements) {
                statement.execute(one);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
