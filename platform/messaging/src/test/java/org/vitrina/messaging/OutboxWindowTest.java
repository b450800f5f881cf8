package org.vitrina.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vitrina.migrations.DatabaseAddress;
import org.vitrina.persistence.Sql;
import org.vitrina.servers.PostgresServer;

/** What a look into the outbox finds and costs where very many events wait in vain. */
class OutboxWindowTest {
    private static final String DATABASE = "outbox_window";
    private static final int MANY = 10_000;
    private static final int MOST = 256;
    private static final int WINDOW = 500;
    private static final Set<String> VAIN = Set.of("events in.vain");
    private static final Pattern BUFFERS = Pattern.compile("shared hit=(\\d+)(?: read=(\\d+))?");

    private static Vertx vertx;
    private static Pool pool;
    private static OutboxRepository repository;

    @BeforeAll
    static void connect() {
        DatabaseAddress database =
                PostgresServer.shared().createDatabase(DATABASE, Path.of("src/test/resources/db/changelog"));
        vertx = Vertx.vertx();
        pool = Pool.newInstance(io.vertx.sqlclient.Pool.pool(
                vertx,
                PgConnectOptions.fromUri(database.url().substring("jdbc:".length()))
                        .setUser(database.user())
                        .setPassword(database.password()),
                new PoolOptions()));
        repository = new OutboxRepository(new Sql(pool));
    }

    @AfterAll
    static void close() {
        pool.close().await().indefinitely();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @BeforeEach
    void manyWaitInVain() {
        execute("TRUNCATE outbox");
        waitInVain(MANY / 2);
        add("middle");
        waitInVain(MANY / 2);
        add("newest");
        execute("ANALYZE outbox");
    }

    @Test
    void findsTheNewestAtOnceAndEachOtherWithinAWalk() {
        List<String> found = new ArrayList<>();
        long after = 0;
        int looks = 0;
        do {
            OutboxRepository.Window window =
                    repository.window(after, WINDOW).await().indefinitely();
            repository
                    .claim(MOST, 16, UUID.randomUUID(), 60_000, VAIN, window)
                    .await()
                    .indefinitely()
                    .forEach(row -> found.add(row.orderingKey()));
            assertThat(found).startsWith("newest");
            after = window.next();
            looks++;
        } while (after != 0);

        assertThat(found).containsExactly("newest", "middle");
        assertThat(looks).isEqualTo(MANY / WINDOW + 1);
    }

    @Test
    void aKeyWhoseOldestWaitsInVainIsLeftAlone() {
        execute("INSERT INTO outbox (event_id, exchange, routing_key, ordering_key, body)"
                + " VALUES (gen_random_uuid(), 'events', 'taken', 'vain 1', 'x')");
        OutboxRepository.Window window = repository.window(0, WINDOW).await().indefinitely();

        assertThat(repository
                        .claim(MOST, 16, UUID.randomUUID(), 60_000, VAIN, window)
                        .await()
                        .indefinitely())
                .extracting(OutboxRow::orderingKey)
                .containsExactly("newest");
    }

    /** By what the database says that it read, not by time. */
    @Test
    void aLookReadsItsWindowAndNotWhatWaits() throws SQLException {
        List<String> window = explain("(bigint, int)", OutboxRepository.WINDOW, "0, " + WINDOW);
        assertThat(window).anyMatch(line -> line.contains("outbox_pkey")).noneMatch(line -> line.contains("Seq Scan"));

        List<String> positions = repository.window(0, WINDOW).await().indefinitely().positions().stream()
                .map(String::valueOf)
                .toList();
        List<String> claim = explain(
                "(int, int, uuid, float8, text[], bigint[])",
                OutboxRepository.CLAIM_AMONG,
                MOST + ", 16, gen_random_uuid(), 60000, '{events in.vain}'," + " '{" + String.join(",", positions)
                        + "}'");
        assertThat(claim).anyMatch(line -> line.contains("outbox_pkey")).noneMatch(line -> line.contains("Seq Scan"));

        List<String> everything = explain(
                "(int, int, uuid, float8, text[])",
                OutboxRepository.CLAIM,
                MOST + ", 16, gen_random_uuid(), 60000, '{events in.vain}'");
        // without a window all rows are read
        assertThat(buffers(window) + buffers(claim)).isLessThan(buffers(everything) / 3);
    }

    private static List<String> explain(String types, String statement, String arguments) throws SQLException {
        try (var connection = PostgresServer.shared().connect(DATABASE);
                var work = connection.createStatement()) {
            connection.setAutoCommit(false);
            work.execute("SET LOCAL plan_cache_mode = force_generic_plan");
            work.execute("PREPARE look " + types + " AS " + statement);
            List<String> lines = new ArrayList<>();
            try (var rows = work.executeQuery("EXPLAIN (ANALYZE, BUFFERS) EXECUTE look (" + arguments + ")")) {
                while (rows.next()) {
                    lines.add(rows.getString(1));
                }
            }
            connection.rollback();
            return lines;
        }
    }

    /** Pages of the whole plan: those of its first line. */
    private static long buffers(List<String> plan) {
        return plan.stream()
                .map(BUFFERS::matcher)
                .filter(Matcher::find)
                .mapToLong(found ->
                        Long.parseLong(found.group(1)) + (found.group(2) == null ? 0 : Long.parseLong(found.group(2))))
                .findFirst()
                .orElseThrow();
    }

    private static void waitInVain(int count) {
        execute("INSERT INTO outbox (event_id, exchange, routing_key, ordering_key, body)"
                + " SELECT gen_random_uuid(), 'events', 'in.vain', 'vain ' || n, 'x' FROM generate_series(1, " + count
                + ") AS n");
    }

    private static void add(String key) {
        execute("INSERT INTO outbox (event_id, exchange, routing_key, ordering_key, body)"
                + " VALUES (gen_random_uuid(), 'events', 'taken', '" + key + "', 'x')");
    }

    private static void execute(String sql) {
        try (var connection = PostgresServer.shared().connect(DATABASE);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
