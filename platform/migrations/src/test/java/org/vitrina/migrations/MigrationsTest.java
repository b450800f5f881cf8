package org.vitrina.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrina.migrations.ChangeSetStatus.State;
import org.vitrina.migrations.MigrationException.Kind;

/** Every rule of DESIGN "Migrations" on a real PostgreSQL. */
class MigrationsTest {
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static EmbeddedPostgres postgres;

    @TempDir
    private Path changeLog;

    private DatabaseAddress address;

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.builder()
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("fsync", "off")
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    @BeforeEach
    void emptyDatabase() throws SQLException {
        String name = "m" + DATABASES.incrementAndGet();
        try (Connection connection = DriverManager.getConnection(urlOf("postgres"), "postgres", "");
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        address = new DatabaseAddress(urlOf(name), "postgres", "");
    }

    @Test
    void appliesAllFilesInOrderOfName() throws Exception {
        script("0002-second", "INSERT INTO first VALUES (2)", "DELETE FROM first");
        script("0001-first", "CREATE TABLE first (id int)", "DROP TABLE first");

        assertThat(migrations().up().changeSets()).containsExactly("0001-first", "0002-second");
        assertThat(query("SELECT id FROM first")).containsExactly("2");
    }

    @Test
    void appliesOnlyWhatIsPending() throws Exception {
        table("0001-a");
        migrations().up();
        table("0002-b");

        assertThat(migrations().up().changeSets()).containsExactly("0002-b");
        assertThat(migrations().up().changeSets()).isEmpty();
    }

    @Test
    void takesTheNewestBackAndForwardAgain() throws Exception {
        table("0001-a");
        table("0002-b");
        table("0003-c");
        migrations().up();

        assertThat(migrations().down(2).changeSets()).containsExactly("0003-c", "0002-b");
        assertThat(tables()).containsExactly("t0001");
        assertThat(migrations().up().changeSets()).containsExactly("0002-b", "0003-c");
        assertThat(tables()).containsExactly("t0001", "t0002", "t0003");
    }

    @Test
    void refusesToTakeBackMoreThanIsApplied() throws Exception {
        table("0001-a");
        migrations().up();

        assertRefused(() -> migrations().down(2), "Only 1 change sets are applied");
        assertThat(tables()).containsExactly("t0001");
    }

    @Test
    void refusesAnEditedAppliedChangeSetAndDoesNothing() throws Exception {
        table("0001-a");
        migrations().up();
        script("0001-a", "CREATE TABLE t0001 (id int, more text)", "DROP TABLE t0001");
        table("0002-b");

        assertRefused(() -> migrations().up(), "'0001-a' (0001-a.sql) was edited");
        assertRefused(() -> migrations().down(1), "'0001-a' (0001-a.sql) was edited");
        assertThat(tables()).containsExactly("t0001");
        assertThat(states()).containsExactly(State.EDITED, State.PENDING);
    }

    @Test
    void toleratesOtherWhiteSpaceInAnAppliedChangeSet() throws Exception {
        script("0001-a", "CREATE TABLE t0001 (id int)", "DROP TABLE t0001");
        migrations().up();
        script("0001-a", "CREATE TABLE   t0001\n    (id int)\n", "DROP TABLE t0001");

        assertThat(migrations().up().changeSets()).isEmpty();
    }

    @Test
    void refusesAPendingChangeSetOrderedBeforeTheNewestApplied() throws Exception {
        table("0001-a");
        table("0003-c");
        migrations().up();
        table("0002-b");

        assertRefused(() -> migrations().up(), "'0002-b' (0002-b.sql) is not applied, but one ordered after it is");
        assertThat(tables()).containsExactly("t0001", "t0003");
        assertThat(states()).containsExactly(State.APPLIED, State.LATE, State.APPLIED);
    }

    @Test
    void leavesNewerCompatibleChangeSetsAlone() throws Exception {
        table("0001-a");
        Path newer = labelled("0002-b", "compatible");
        migrations().up();
        Files.delete(newer);

        Migrations.Outcome outcome = migrations().up();

        assertThat(outcome).isEqualTo(new Migrations.Outcome(List.of(), List.of("0002-b")));
        assertThat(tables()).containsExactly("t0001", "t0002");
        assertThat(states()).containsExactly(State.APPLIED, State.NEWER_COMPATIBLE);
        assertThat(program("up")).startsWith("0:left alone 0002-b");
    }

    @Test
    void refusesNewerChangeSetsThatAreNotCompatible() throws Exception {
        table("0001-a");
        Path compatible = labelled("0002-b", "compatible");
        Path breaking = table("0003-c");
        migrations().up();
        Files.delete(compatible);
        Files.delete(breaking);

        assertRefused(() -> migrations().up(), "'0003-c' (0003-c.sql) is applied here, but only a newer release");
        assertThat(states()).containsExactly(State.APPLIED, State.NEWER_COMPATIBLE, State.UNKNOWN);
    }

    @Test
    void refusesAPendingOneWhenANewerReleaseHasPassedIt() throws Exception {
        table("0001-a");
        Path newer = labelled("0003-c", "compatible");
        migrations().up();
        Files.delete(newer);
        table("0002-b");

        assertRefused(() -> migrations().up(), "'0002-b' (0002-b.sql) is not applied");
    }

    @Test
    void refusesAnAppliedChangeSetThatWasRemovedFromTheMiddle() throws Exception {
        table("0001-a");
        Path removed = labelled("0002-b", "compatible");
        table("0003-c");
        migrations().up();
        Files.delete(removed);

        assertRefused(() -> migrations().up(), "'0002-b' (0002-b.sql) is applied here, but this change log");
    }

    @Test
    void refusesToTakeBackWhatOnlyANewerReleaseKnows() throws Exception {
        table("0001-a");
        Path newer = labelled("0002-b", "compatible");
        migrations().up();
        Files.delete(newer);

        assertRefused(() -> migrations().down(1), "'0002-b' (0002-b.sql) is applied but not in this change log");
        assertThat(tables()).containsExactly("t0001", "t0002");
    }

    @Test
    void knowsItsChangeSetsWhereverTheDirectoryLies(@TempDir Path elsewhere) throws Exception {
        table("0001-a");
        migrations().up();
        Files.copy(changeLog.resolve("0001-a.sql"), elsewhere.resolve("0001-a.sql"));

        assertThat(Migrations.of(address, elsewhere).up().changeSets()).isEmpty();
        assertThat(query("SELECT filename FROM databasechangelog")).containsExactly("0001-a.sql");
    }

    @Test
    void undoesAFailedChangeSetWhollyAndKeepsThoseBefore() throws Exception {
        table("0001-a");
        script("0002-b", "CREATE TABLE t0002 (id int);\nSELECT 1/0", "DROP TABLE t0002");

        assertThatThrownBy(() -> migrations().up()).isInstanceOfSatisfying(MigrationException.class, e -> {
            assertThat(e.kind()).isEqualTo(Kind.CHANGE_SET_FAILED);
            assertThat(e.sentence())
                    .isEqualTo("Change set '0002-b' (0002-b.sql) failed (ERROR: division by zero);"
                            + " it was undone and those before it stay: correct it and start again.");
        });
        assertThat(tables()).containsExactly("t0001");
        table("0002-b");
        assertThat(migrations().up().changeSets()).containsExactly("0002-b");
    }

    @Test
    void runsDemoDataByDefaultAndNotWithoutItsContext() throws Exception {
        table("0001-a");
        write("0002-demo", "context:demo", "INSERT INTO t0001 VALUES (7)", "DELETE FROM t0001");

        assertThat(migrations().withContexts(Set.of()).up().changeSets()).containsExactly("0001-a");
        assertThat(query("SELECT id FROM t0001")).isEmpty();
        assertThat(migrations().up().changeSets()).containsExactly("0002-demo");
        assertThat(query("SELECT id FROM t0001")).containsExactly("7");
        assertThat(migrations().withContexts(Set.of("other")).up().changeSets()).isEmpty();
        assertThat(migrations().withContexts(Set.of()).down(1).changeSets()).containsExactly("0002-demo");
    }

    @Test
    void statusChangesNothing() throws Exception {
        table("0001-a");

        assertThat(states()).containsExactly(State.PENDING);
        assertThat(tables()).isEmpty();
        assertThat(query("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
                .containsExactly("0");
    }

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
                .startsWith("3:The database at postgresql://localhost:" + postgres.getPort()
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

    private static String urlOf(String database) {
        return "jdbc:postgresql://localhost:" + postgres.getPort() + "/" + database;
    }

    private Migrations migrations() {
        return Migrations.of(address, changeLog);
    }

    private List<State> states() {
        return migrations().status().stream().map(ChangeSetStatus::state).toList();
    }

    /** A change set that makes the table {@code t} + the number. */
    private Path table(String id) throws IOException {
        return labelled(id, "");
    }

    private Path labelled(String id, String label) throws IOException {
        String table = "t" + id.substring(0, 4);
        return write(
                id,
                label.isEmpty() ? "" : "labels:" + label,
                "CREATE TABLE " + table + " (id int)",
                "DROP TABLE " + table);
    }

    private Path script(String id, String sql, String back) throws IOException {
        return write(id, "", sql, back);
    }

    private Path write(String id, String attributes, String sql, String back) throws IOException {
        return Files.writeString(
                changeLog.resolve(id + ".sql"),
                "--liquibase formatted sql\n--changeset vitrina:" + id + " " + attributes + "\n" + sql
                        + ";\n--rollback " + back + ";\n");
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(address.url(), "postgres", "");
    }

    private List<String> tables() throws SQLException {
        return query("SELECT tablename FROM pg_tables WHERE tablename LIKE 't0%' ORDER BY 1");
    }

    private String countApplied() throws SQLException {
        return query("SELECT to_regclass('databasechangelog') IS NOT NULL").contains("f")
                ? "0"
                : query("SELECT count(*) FROM databasechangelog").getFirst();
    }

    private List<String> query(String sql) throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (row.next()) {
                values.add(row.getString(1));
            }
            return values;
        }
    }

    /** Runs the program in this process; its exit code, a colon, and all that it said. */
    private String program(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        if (!all.contains("--url")) {
            all.addAll(List.of("--url", address.url()));
        }
        all.addAll(List.of("--user", address.user(), "--changelog", changeLog.toString()));
        return program(Map.of(), all.toArray(String[]::new));
    }

    private static String program(Map<String, String> environment, String... args) {
        var said = new ByteArrayOutputStream();
        try (var stream = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            int code = Main.run(List.of(args), environment, stream, stream);
            return code + ":" + said.toString(StandardCharsets.UTF_8);
        }
    }

    private ProcessBuilder process(String command) {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        command,
                        "--url",
                        address.url(),
                        "--user",
                        address.user(),
                        "--changelog",
                        changeLog.toString())
                .redirectErrorStream(true);
    }

    private void assertUsage(String part) {
        assertThatThrownBy(() -> migrations().up()).isInstanceOfSatisfying(MigrationException.class, e -> {
            assertThat(e.kind()).isEqualTo(Kind.USAGE);
            assertThat(e.sentence()).contains(part);
        });
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable run, String part) {
        assertThatThrownBy(run).isInstanceOfSatisfying(MigrationException.class, e -> {
            assertThat(e.kind()).isEqualTo(Kind.REFUSED);
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
