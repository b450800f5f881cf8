package org.vitrina.e2e.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ./vitrina promises, from a terminal's point of view: real processes, killed for real. */
class LauncherIT {
    private static final Duration AT_ONCE = Duration.ofSeconds(5);
    private static final Duration AFTER_FORCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private Terminal terminal = new Terminal(Path.of("."));
    private final List<Terminal.Running> started = new ArrayList<>();

    @BeforeEach
    void openTerminal() {
        terminal = new Terminal(folder);
    }

    @AfterEach
    void nothingIsLeftByTheTest() throws Exception {
        for (Terminal.Running running : started) {
            if (running.process().isAlive()) {
                running.process().destroy();
                running.awaitExit();
            }
        }
        List<ProcessHandle> left = Terminal.trees(terminal.pids().values());
        left.forEach(ProcessHandle::destroyForcibly);
        Terminal.awaitGone(left, AFTER_FORCE);
    }

    private Terminal.Running ready(String parts, String... options) throws IOException {
        Terminal.Running running = terminal.upAndReady(parts, options);
        started.add(running);
        return running;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "up",
                "down",
                "status",
                "logs",
                "test",
                "bench",
                "build",
                "train",
                "migrate",
                "redrive",
                "erase",
                "token",
                "retrain",
                "generate",
                "fuzz"
            })
    void everyCommandExplainsItself(String command) throws Exception {
        Terminal.Ended help = terminal.vitrina(command, "--help");

        assertThat(help.exit()).isZero();
        assertThat(help.output()).startsWith("./vitrina " + command);
        assertThat(terminal.vitrina("--help").output()).contains("./vitrina " + command);
    }

    @Test
    void commandLinesThatMakeNoSenseAreRefusedWithTwo() throws Exception {
        assertThat(terminal.vitrina("upp"))
                .satisfies(ended -> assertThat(ended.exit()).isEqualTo(2))
                .satisfies(ended -> assertThat(ended.output()).contains("no command 'upp'"));
        assertThat(terminal.vitrina("up", "--no-build", "--nonsense"))
                .satisfies(ended -> assertThat(ended.exit()).isEqualTo(2))
                .satisfies(ended -> assertThat(ended.output()).contains("no option '--nonsense'"));
        assertThat(terminal.vitrina("up", "--no-build", "--only", "products,shop"))
                .satisfies(ended -> assertThat(ended.exit()).isEqualTo(2))
                .satisfies(ended -> assertThat(ended.output()).contains("no part 'shop'; there are postgres, redis"));
        assertThat(terminal.vitrina("up", "--no-build", "--port-offset", "x").exit())
                .isEqualTo(2);
    }

    @Test
    void stopsEverythingAndEndsWithZeroWhenAsked() throws Exception {
        Path log = terminal.instance().resolve("logs/postgres.log");
        // over the same data: what is made but once is no matter of this test
        for (String signal : List.of("TERM", "INT", "HUP")) {
            Terminal.Running up = ready("postgres,redis");
            List<ProcessHandle> all = Terminal.trees(terminal.pids().values());
            assertThat(terminal.pids()).as(signal).containsOnlyKeys("launcher", "guard", "redis", "postgres");
            long before = ends(log);

            Terminal.signal(signal, up.process().pid());

            assertThat(up.awaitExit()).as(signal).isZero();
            Terminal.awaitGone(all, AT_ONCE);
            assertThat(ends(log)).as(signal).isGreaterThan(before);
        }
    }

    private static long ends(Path log) throws IOException {
        return Files.readString(log)
                .lines()
                .filter(line -> line.contains("database system is shut down"))
                .count();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"launcher", "guard,launcher", "launcher,guard", "postgres,launcher", "favorites,guard,launcher"})
    void nothingStaysBehindWhateverIsKilled(String victims) throws Exception {
        ready(victims.contains("favorites") ? "redis,favorites" : "postgres,redis");
        Map<String, Long> pids = terminal.pids();
        List<ProcessHandle> all = Terminal.trees(pids.values());
        assertThat(all).hasSizeGreaterThan(5);

        for (String victim : victims.split(",", -1)) {
            Terminal.signal("KILL", Terminal.pid(pids, victim));
        }

        Terminal.awaitGone(all, AT_ONCE);
    }

    @Test
    void frozenProcessesDoNotStayBehindEither() throws Exception {
        ready("postgres,redis");
        Map<String, Long> pids = terminal.pids();
        List<ProcessHandle> all = Terminal.trees(pids.values());
        Terminal.signal("STOP", Terminal.pid(pids, "postgres"));
        Terminal.signal("STOP", Terminal.pid(pids, "redis"));

        Terminal.signal("KILL", Terminal.pid(pids, "launcher"));

        Terminal.awaitGone(all, AFTER_FORCE);
    }

    @Test
    void whatAKilledRunLeftBehindIsEndedByTheNext() throws Exception {
        ready("postgres,redis");
        Map<String, Long> pids = terminal.pids();
        // stopped, it cannot follow its death signal, and there is no guard any more, nor time to replace it
        Terminal.signal("STOP", Terminal.pid(pids, "postgres"));
        Terminal.signal("STOP", Terminal.pid(pids, "launcher"));
        Terminal.signal("KILL", Terminal.pid(pids, "guard"));
        Terminal.signal("KILL", Terminal.pid(pids, "launcher"));

        Terminal.Running second = ready("postgres,redis");

        assertThat(second.text())
                .contains("left behind by a run that was killed, ending process " + Terminal.pid(pids, "postgres"));
        assertThat(terminal.here("status").exit()).isZero();
    }

    @Test
    void aTakenPortNamesItsHolderBeforeAnythingStarts() throws Exception {
        try (ServerSocket taken = new ServerSocket(16379 + terminal.offset, 1, InetAddress.getLoopbackAddress())) {
            Terminal.Running up = terminal.up("postgres,redis");

            assertThat(up.awaitExit()).isEqualTo(1);
            assertThat(up.text())
                    .contains("Port " + taken.getLocalPort() + " (redis) is taken by process "
                            + ProcessHandle.current().pid() + " (")
                    .contains("--port-offset");
            assertThat(terminal.pids()).isEmpty();
            assertThat(terminal.instance().resolve("postgres")).doesNotExist();
        }
    }

    @Test
    void theCommandIsOneProcessAndNeitherASecondUpNorAKilledGuardEndsIt() throws Exception {
        Terminal.Running first = ready("redis");
        // no shell before it
        assertThat(terminal.pids()).containsEntry("launcher", first.process().pid());

        Terminal.Running second = terminal.up("redis");

        assertThat(second.awaitExit()).isEqualTo(1);
        assertThat(second.text())
                .contains("runs already")
                .contains("process " + first.process().pid() + " (")
                .contains("./vitrina down");
        assertThat(terminal.here("status").exit()).isZero();

        long guard = terminal.pid("guard");
        Terminal.signal("KILL", guard);

        await().atMost(AT_ONCE).until(() -> terminal.pid("guard") != guard);
        assertThat(ProcessHandle.of(terminal.pid("guard"))).isPresent();
    }

    @Test
    void aPartThatDiesIsReportedAndStartedAgainWhileTheRestGoesOn() throws Exception {
        Terminal.Running up = ready("redis,favorites");
        for (String victim : List.of("postgres", "redis", "favorites")) {
            Map<String, Long> before = terminal.pids();

            Terminal.signal("KILL", Terminal.pid(before, victim));

            Pattern report = Pattern.compile(victim + " +died \\(signal 9\\), starting it again in 0\\.5 s");
            await().atMost(Terminal.SOON).until(() -> report.matcher(up.text()).find());
            await().atMost(Terminal.SOON)
                    .untilAsserted(
                            () -> assertThat(terminal.here("status").exit()).isZero());
            Map<String, Long> after = terminal.pids();
            assertThat(Terminal.pid(after, victim)).isNotEqualTo(Terminal.pid(before, victim));
            for (String other : List.of("launcher", "guard", "postgres", "redis", "favorites")) {
                if (!other.equals(victim)) {
                    assertThat(after).containsEntry(other, Terminal.pid(before, other));
                }
            }
            assertThat(rowOf(victim)).containsPattern(" 1 +\\d+ MB");
        }
    }

    @Test
    void statusTellsAFrozenPartAndWhetherAllIsWell() throws Exception {
        assertThat(terminal.here("status"))
                .satisfies(ended -> assertThat(ended.exit()).isEqualTo(1))
                .satisfies(ended -> assertThat(ended.output()).contains("does not run"));
        ready("redis");
        assertThat(terminal.here("status").exit()).isZero();
        assertThat(rowOf("redis"))
                .containsPattern("redis +ready +" + terminal.pid("redis") + " +" + (16379 + terminal.offset));

        Terminal.signal("STOP", terminal.pid("redis"));

        assertThat(terminal.here("status").exit()).isEqualTo(1);
        assertThat(rowOf("redis")).containsPattern("redis +frozen");
    }

    @Test
    void dataSurvivesDownAndUpUntilFresh() throws Exception {
        Terminal.Running first = ready("favorites");
        inDatabase("CREATE TABLE kept (id int)");
        Terminal.Ended down = terminal.here("down");
        assertThat(down.exit()).isZero();
        assertThat(first.awaitExit()).isZero();

        ready("favorites");
        inDatabase("INSERT INTO kept VALUES (1)");
        terminal.here("down");

        Terminal.Running fresh = ready("favorites", "--fresh");
        assertThat(fresh.text())
                .contains("--fresh: deleting " + terminal.instance().resolve("postgres"));
        inDatabase("CREATE TABLE kept (id int)");
    }

    @Test
    void downWithNothingRunningIsNoFailure() throws Exception {
        assertThat(terminal.here("down"))
                .satisfies(ended -> assertThat(ended.exit()).isZero())
                .satisfies(ended -> assertThat(ended.output()).contains("Nothing runs"));
    }

    @Test
    void twoInstancesRunSideBySide() throws Exception {
        ready("postgres,redis");
        Terminal other = new Terminal(folder);
        started.add(other.upAndReady("postgres,redis"));

        assertThat(terminal.here("status").exit()).isZero();
        assertThat(other.here("status").exit()).isZero();
        assertThat(other.here("down").exit()).isZero();
        assertThat(other.here("status").exit()).isEqualTo(1);
        assertThat(terminal.here("status").exit()).isZero();
    }

    @Test
    void aServiceThatRefusesItsConfigurationIsQuotedAndNothingStays() throws Exception {
        terminal.with("QUARKUS_DATASOURCE_REACTIVE_MAX_SIZE", "many");

        Terminal.Running up = terminal.up("favorites");

        assertThat(up.awaitExit()).isEqualTo(1);
        assertThat(up.text())
                .contains("favorites ended before it was ready")
                .contains("favorites.log")
                .contains("many");
        assertThat(terminal.pids()).isEmpty();
    }

    @Test
    void aServerThatCannotStartIsQuoted() throws Exception {
        ready("postgres");
        terminal.here("down");
        Files.writeString(terminal.instance().resolve("postgres/data/postgresql.conf"), "nonsense = 1\n");

        Terminal.Running up = terminal.up("postgres");

        assertThat(up.awaitExit()).isEqualTo(1);
        assertThat(up.text())
                .contains("postgres ended before it was ready")
                .contains("unrecognized configuration parameter \"nonsense\"");
    }

    @Test
    void anOrdinaryUserCanRunItToo() throws Exception {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        for (Path path = folder; path != null && !path.equals(Path.of("/tmp")); path = path.getParent()) {
            Files.setPosixFilePermissions(path, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        terminal.with("HOME", folder.toString())
                .through("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--");

        Terminal.Running up = ready("redis,favorites");

        assertThat(Files.getOwner(terminal.instance().resolve("postgres/data")).getName())
                .isEqualTo("nobody");
        assertThat(terminal.here("status").exit()).isZero();
        List<ProcessHandle> all = Terminal.trees(terminal.pids().values());
        Terminal.signal("KILL", up.process().pid());
        Terminal.awaitGone(all, AT_ONCE);
    }

    @Test
    void aFolderOfAnotherUserIsNamed() throws Exception {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        ready("redis");
        terminal.here("down");
        Files.setPosixFilePermissions(folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));

        terminal.through("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--");
        Terminal.Ended refused = terminal.here("up", "--no-build", "--only", "redis");

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.output()).contains("belongs to another user (root)");
    }

    @Test
    void logsAndMigrationsAreReachableAndPortsFromThisMachineOnly() throws Exception {
        ready("redis,favorites");
        assertLoopbackOnly();

        assertThat(terminal.here("logs", "postgres").output()).contains("ready to accept connections");
        assertThat(terminal.here("logs", "shop").exit()).isEqualTo(2);
        assertThat(terminal.here("migrate", "favorites", "status").exit()).isZero();
        assertThat(terminal.here("migrate", "bff", "status"))
                .satisfies(ended -> assertThat(ended.exit()).isEqualTo(2))
                .satisfies(ended -> assertThat(ended.output()).contains("'bff' has no database"));

        // a draft of the change set that the entities need
        assertThat(terminal.here("migrate", "favorites", "diff", "--no-build"))
                .satisfies(ended -> assertThat(ended.exit()).isZero())
                .satisfies(ended -> assertThat(ended.output()).contains("favorites lacks nothing"));

        inDatabase("DROP TABLE user_favorite");

        assertThat(terminal.here("migrate", "favorites", "diff", "--no-build"))
                .satisfies(ended -> assertThat(ended.exit()).isZero())
                .satisfies(ended -> assertThat(ended.output())
                        .startsWith("--liquibase formatted sql\n\n--changeset vitrina:0004-draft\n")
                        .contains("create table user_favorite (", "--rollback DROP TABLE user_favorite;"));
    }

    private void assertLoopbackOnly() throws IOException {
        List<Integer> ports = Stream.of(8002, 18002, 15432, 16379)
                .map(port -> port + terminal.offset)
                .toList();
        List<String> loopback = List.of("0100007F", "0000000000000000FFFF00000100007F");

        List<Integer> seen = new ArrayList<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] column = line.strip().split("\\s+", -1);
                for (int port : ports) {
                    if (column[3].equals("0A") && column[1].endsWith(String.format(Locale.ROOT, ":%04X", port))) {
                        assertThat(column[1].substring(0, column[1].indexOf(':')))
                                .isIn(loopback);
                        seen.add(port);
                    }
                }
            }
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(ports);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "embedded"})
    void saysWhichBrokerItUsesAndLeavesNothingOfIt(String choice) throws Exception {
        terminal.with("VITRINA_LOCAL_BROKER", choice);
        Terminal.Running first = ready("broker");
        assertThat(first.text())
                .containsPattern(
                        choice.isEmpty() ? "broker +(RabbitMQ|the embedded AMQP)" : "broker +the embedded AMQP");
        assertThat(terminal.here("status").exit()).isZero();
        assertThat(rowOf("broker"))
                .containsPattern("broker +ready +" + terminal.pid("broker") + " +" + (5672 + terminal.offset));
        List<ProcessHandle> asked = Terminal.trees(terminal.pids().values());
        assertThat(terminal.here("down").exit()).isZero();
        Terminal.awaitGone(asked, AFTER_FORCE);

        Terminal.Running second = ready("broker");
        List<ProcessHandle> killed = Terminal.trees(terminal.pids().values());
        Terminal.signal("KILL", second.process().pid());
        Terminal.awaitGone(killed, AFTER_FORCE);
    }

    @Test
    void theBrokerTakesTheNextFreePortAndSaysSo() throws Exception {
        try (ServerSocket taken = new ServerSocket(5672 + terminal.offset, 1, InetAddress.getLoopbackAddress())) {
            Terminal.Running up = ready("broker");

            assertThat(up.text())
                    .contains("port " + taken.getLocalPort() + " is taken by process "
                            + ProcessHandle.current().pid() + " (")
                    .contains("ours listens on " + (taken.getLocalPort() + 1));
            assertThat(terminal.here("status"))
                    .satisfies(status -> assertThat(status.exit()).isZero())
                    .satisfies(status -> assertThat(status.output())
                            .contains("The broker listens on " + (taken.getLocalPort() + 1) + ": "
                                    + taken.getLocalPort() + " was taken when it started."));
        }
    }

    @Test
    void aBrokerThatIsNoneIsRefused() throws Exception {
        terminal.with("VITRINA_LOCAL_BROKER", "kafka");

        assertThat(terminal.here("up", "--no-build", "--only", "broker"))
                .satisfies(ended -> assertThat(ended.exit()).isEqualTo(1))
                .satisfies(ended -> assertThat(ended.output()).contains("rabbitmq or embedded, not 'kafka'"));
        assertThat(terminal.here("redrive", "cart"))
                .satisfies(ended -> assertThat(ended.exit()).isEqualTo(2))
                .satisfies(ended -> assertThat(ended.output()).contains("'cart' has no queue"));
        assertThat(terminal.here("redrive"))
                .satisfies(ended -> assertThat(ended.exit()).isEqualTo(1))
                .satisfies(ended -> assertThat(ended.output()).contains("notifications does not run"));
    }

    private String rowOf(String part) throws Exception {
        return terminal.here("status")
                .output()
                .lines()
                .filter(line -> line.startsWith(part))
                .findFirst()
                .orElse("no row for " + part);
    }

    private void inDatabase(String sql) throws IOException, SQLException {
        String password = Files.readString(terminal.instance().resolve("postgres/password"));
        String url = "jdbc:postgresql://127.0.0.1:" + (15432 + terminal.offset) + "/favorites";
        try (Connection connection = DriverManager.getConnection(url, "favorites", password)) {
            connection.createStatement().execute(sql);
        }
    }
}
