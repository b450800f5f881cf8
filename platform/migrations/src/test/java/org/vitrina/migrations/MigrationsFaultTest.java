package org.vitrina.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrina.migrations.MigrationException.Kind;

/** Several runs at once, killed ones, databases that are away, and how the program ends. */
class MigrationsFaultTest extends MigrationsSuite {
    @Test
    void buildsAnIndexConcurrentlyOutsideATransactionWhileAnotherRunWaits() throws Exception {
        table("0001-a");
        write(
                "0002-index",
                "runInTransaction:false",
                "SELECT pg_sleep(0.7);\nCREATE INDEX CONCURRENTLY i ON t0001 (id)",
                "DROP INDEX i");

        var one = CompletableFuture.supplyAsync(() -> program("up"));
        var other = CompletableFuture.supplyAsync(() -> program("up"));

        assertThat(one.join()).startsWith("0:");
        assertThat(other.join()).startsWith("0:");
        assertThat(query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"))
                .containsExactly("t");
    }

    @Test
    void severalAtOnceTakeTurnsAndApplyEachChangeSetOnce() throws Exception {
        for (int i = 1; i <= 9; i++) {
            table("000" + i + "-t");
        }
        List<Process> runs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            runs.add(process("up").start());
        }
        for (Process run : runs) {
            String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(run.waitFor()).as(said).isZero();
        }
        assertThat(query("SELECT count(*) FROM databasechangelog")).containsExactly("9");
    }

    @Test
    void saysWhoHoldsTheLockWhenItWaitedLongEnough() throws Exception {
        table("0001-a");
        try (Connection holder = connect();
                var statement = holder.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(" + RunLock.KEY + ")");

            assertThat(program("up", "--lock-wait", "1"))
                    .startsWith("6:")
                    .contains("waiting for another migration run (server process ")
                    .contains("kept its lock for 1 s: let it end, or end that process, and start again.");
        }
        assertThat(migrations().up().changeSets()).containsExactly("0001-a");
    }

    @Test
    void aRunKilledInTheMidstOfAChangeSetLeavesNeitherALockNorHalfAChange() throws Exception {
        table("0001-a");
        script("0002-b", "CREATE TABLE t0002 (id int);\nSELECT pg_sleep(60)", "DROP TABLE t0002");
        Process run = process("up").start();
        await(() -> !query(
                        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'")
                .isEmpty());

        run.destroyForcibly().waitFor();
        table("0002-b");
        long start = System.nanoTime();

        assertThat(migrations().withLockTimeout(Duration.ofSeconds(10)).up().changeSets())
                .containsExactly("0002-b");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(tables()).containsExactly("t0001", "t0002");
    }

    @Test
    void runsKilledAtAnyInstantAreFinishedByTheNext() throws Exception {
        for (int i = 10; i < 60; i++) {
            table("00" + i + "-t");
        }
        var random = new Random(20261122);
        for (int i = 0; i < 3; i++) {
            int begun = Integer.parseInt(countApplied());
            Process run = process("up").start();
            await(() -> Integer.parseInt(countApplied()) > begun || !run.isAlive());
            Thread.sleep(random.nextInt(40));
            run.destroyForcibly().waitFor();
        }

        migrations().up();

        assertThat(countApplied()).isEqualTo("50");
        assertThat(tables()).hasSize(50);
    }

    @Test
    void waitsForADatabaseThatIsNotThereAndSaysSo() throws Exception {
        table("0001-a");
        int nobody;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        address = new DatabaseAddress("jdbc:postgresql://127.0.0.1:" + nobody + "/x", "x", "x");

        assertThat(program("up", "--wait", "1"))
                .startsWith("3:waiting for the database at postgresql://127.0.0.1:" + nobody + "/x, 0 of 1 s (")
                .contains("was not reachable within 1 s (")
                .contains("start it, correct --url, or wait longer with --wait SECONDS.");
    }

    @Test
    void doesNotWaitWhenTheDatabaseRefusesTheUser() throws Exception {
        table("0001-a");
        address = new DatabaseAddress(urlOf("nosuch"), "postgres", "");

        assertThat(program("up", "--wait", "30"))
                .startsWith("3:The database at postgresql://localhost:" + POSTGRES.getPort()
                        + "/nosuch refused user 'postgres' (FATAL: database \"nosuch\" does not exist)");
    }

    @Test
    void refusesChangeLogsThatCannotKeepThePromises() throws Exception {
        assertUsage("holds no .sql file");

        Path file = changeLog.resolve("1-a.sql");
        Files.writeString(file, "--liquibase formatted sql\n");
        assertUsage("is not named like 0001-what-it-does.sql");
        Files.delete(file);

        file = changeLog.resolve("0001-a.sql");
        Files.writeString(file, "CREATE TABLE x (id int);\n");
        assertUsage("does not begin with '--liquibase formatted sql'");
        Files.writeString(file, "--liquibase formatted sql\n");
        assertUsage("holds no change set");
        Files.writeString(file, "--liquibase formatted sql\n--changeset vitrina:0001-a\nCREATE TABLE x (id int);\n");
        assertUsage("Change set '0001-a' in " + file + " has no way back");
        write("0001-a", "runOnChange:true", "CREATE TABLE x (id int)", "DROP TABLE x");
        assertUsage("has runAlways or runOnChange");
        table("0001-a");
        Files.copy(changeLog.resolve("0001-a.sql"), changeLog.resolve("0002-b.sql"));
        assertUsage("Change set '0001-a' is in 0001-a.sql and again in 0002-b.sql");
        assertThat(tables()).isEmpty();
    }

    @Test
    void theProgramTellsItsResultByExitCode() throws Exception {
        table("0001-a");

        assertThat(program("status")).isEqualTo("7:0001-a  pending\n");
        assertThat(program("up")).isEqualTo("0:applying 0001-a\napplied 1 change sets\n");
        assertThat(program("up")).isEqualTo("0:nothing pending\n");
        assertThat(program("status")).isEqualTo("0:0001-a  applied\n");
        assertThat(program("down", "1")).isEqualTo("0:taking back 0001-a\ntook back 1 change sets\n");
        assertThat(program("down", "many")).startsWith("2:down needs a whole number");
        assertThat(program("down", "0")).startsWith("2:'down' needs a number of change sets");
        assertThat(program("sideways")).startsWith("2:The first argument must be up, down or status");
        assertThat(program("up", "--colour", "red")).startsWith("2:'--colour' is unknown");
        assertThat(program("up", "--help")).isEqualTo("0:" + Main.HELP);
        assertThat(program("up", "--url", "mysql://x")).startsWith("2:The database URL must look like");
    }

    @Test
    void takesAServicesNameAndTheAddressFromItsEnvironment(@TempDir Path changeLogs) throws Exception {
        Files.createDirectory(changeLogs.resolve("products"));
        Path cart = Files.createDirectory(changeLogs.resolve("cart"));
        Files.move(table("0001-a"), cart.resolve("0001-a.sql"));
        Map<String, String> environment = Map.of(
                "VITRINA_CHANGELOGS", changeLogs.toString(),
                "VITRINA_DB_URL", address.url(),
                "VITRINA_DB_USER", address.user());

        assertThat(program(environment, "cart", "up")).isEqualTo("0:applying 0001-a\napplied 1 change sets\n");
        assertThat(program(environment, "cart", "status")).isEqualTo("0:0001-a  applied\n");
        assertThat(program(environment, "carts", "up"))
                .isEqualTo("2:The first argument must be one of cart, products, but is 'carts': see --help.\n");
        assertThat(program(environment)).startsWith("2:The first argument must be one of cart, products, but is ''");
        assertThat(program(Map.of("VITRINA_CHANGELOGS", "/nowhere"), "cart", "up"))
                .isEqualTo("2:VITRINA_CHANGELOGS names /nowhere, which is no folder.\n");
        assertThat(program(Map.of(), "up")).startsWith("2:--url is missing");
    }

    @Test
    void aProcessIsQuiet() throws Exception {
        table("0001-a");
        Process run = process("up").start();
        String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(run.waitFor()).isZero();
        assertThat(said).isEqualTo("applying 0001-a\napplied 1 change sets\n");
    }

    private String countApplied() throws SQLException {
        return query("SELECT to_regclass('databasechangelog') IS NOT NULL").contains("f")
                ? "0"
                : query("SELECT count(*) FROM databasechangelog").getFirst();
    }

    private void assertUsage(String part) {
        assertThatThrownBy(() -> migrations().up()).isInstanceOfSatisfying(MigrationException.class, e -> {
            assertThat(e.kind()).isEqualTo(Kind.USAGE);
            assertThat(e.sentence()).contains(part);
        });
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("condition within 20 s").isLessThan(end);
            Thread.sleep(5);
        }
    }
}
