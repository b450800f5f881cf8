package org.vitrina.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrina.migrations.DatabaseAddress;
import org.vitrina.migrations.Migrations;
import org.vitrina.servers.PostgresServer;

/** The change log on a database that is in use. */
class ChangeLogTest {
    private static final Path ALL = Path.of("src/main/resources/db/changelog");
    private static final String DATABASE = "inventory_in_use";

    @TempDir
    Path earlier;

    @Test
    void waitsForAnAuditInShortTurnsAndTheAuditCountsInTheIndex() throws Exception {
        DatabaseAddress address = PostgresServer.shared().createDatabase(DATABASE);
        for (Path file : files()) {
            if (file.getFileName().toString().compareTo("0005") < 0) {
                Files.copy(file, earlier.resolve(file.getFileName()));
            }
        }
        migrations(address, earlier).up();

        CompletableFuture<Migrations.Outcome> run;
        try (Connection audit = PostgresServer.shared().connect(DATABASE)) {
            audit.setAutoCommit(false);
            rows(audit, "SELECT count(*) FROM reservation");
            run = CompletableFuture.supplyAsync(() -> migrations(address, ALL).up());
            // between two turns nobody waits behind it, and the first did not end it
            awaitSleep();
            try (Connection shop = PostgresServer.shared().connect(DATABASE)) {
                execute(
                        shop,
                        "INSERT INTO reservation (order_id, state, product_ids, quantities, expires_at, ended_at)"
                                + " SELECT gen_random_uuid(), 'released', '{}', '{}', now(), now() FROM generate_series(1, 5000)");
            }
            awaitSleep();
            assertThat(run).isNotDone();
            audit.rollback();
        }
        assertThat(run.get(1, TimeUnit.MINUTES).changeSets()).startsWith("0005-counted");

        try (Connection audit = PostgresServer.shared().connect(DATABASE)) {
            execute(audit, "VACUUM ANALYZE reservation");
            execute(audit, "SET enable_seqscan = off");
            assertThat(
                            rows(
                                    audit,
                                    "EXPLAIN SELECT state, count(*) FROM reservation WHERE ended_at IS NOT NULL GROUP BY state"))
                    .anyMatch(line -> line.contains("Index Only Scan using reservation_ended_state"));
        }
    }

    private static Migrations migrations(DatabaseAddress address, Path changeLog) {
        return Migrations.of(address, changeLog).withContexts(Set.of());
    }

    private static List<Path> files() throws IOException {
        try (var files = Files.list(ALL)) {
            return files.toList();
        }
    }

    private static void awaitSleep() {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            try (Connection any = PostgresServer.shared().connect(DATABASE)) {
                return rows(
                                        any,
                                        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'")
                                .size()
                        == 1;
            }
        });
    }

    private static List<String> rows(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                rows.add(result.getString(1));
            }
            return rows;
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
