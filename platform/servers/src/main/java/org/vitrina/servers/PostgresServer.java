package org.vitrina.servers;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.vitrina.migrations.DatabaseAddress;
import org.vitrina.migrations.Migrations;

/**
 * A PostgreSQL 18 of the tests' own on 127.0.0.1, which can be frozen, killed and started again on its port.
 *
 * <p>Works as root too. It and its files are gone when it is closed, or when the JVM ends.
 */
public final class PostgresServer implements AutoCloseable {
    private static final String SUPERUSER = "postgres";
    private static final String FOLDER = "vitrina-postgres";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    /** Held here, as a logger that nobody holds loses its level: zonky tells each line of initdb. */
    private static final Logger ZONKY = Logger.getLogger("io.zonky.test");

    static {
        ZONKY.setLevel(Level.WARNING);
    }

    private final Path data;
    private final List<String> commandLine;
    private final int port;
    private final Thread atExit = new Thread(this::end, "postgres-end");
    private ProcessHandle postmaster;
    private ServerGuard guard;

    private PostgresServer(Map<String, String> settings) {
        this.port = FreePort.find();
        try {
            this.data = Files.createTempDirectory(FOLDER);
            launch(settings);
            this.postmaster = readPostmaster();
            this.guard = ServerGuard.of(postmaster.pid(), data);
            this.commandLine = commandLine(postmaster);
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not start on port " + port, e);
        }
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** A server that replicates another. */
    private PostgresServer(PostgresServer primary) {
        this.port = FreePort.find();
        try {
            this.data = Files.createTempDirectory(FOLDER);
            PostgresCopy.take(primary.connect(SUPERUSER), primary.data, data);
            PostgresCopy.follow(data, "host=127.0.0.1 port=" + primary.port + " user=" + SUPERUSER);
            this.commandLine = primary.commandLine.stream()
                    .map(word -> word.equals(primary.data.toString()) ? data.toString() : word)
                    .map(word -> word.equals(Integer.toString(primary.port)) ? Integer.toString(port) : word)
                    .toList();
            awaitAnswers(restarted());
            this.postmaster = readPostmaster();
            this.guard = ServerGuard.of(postmaster.pid(), data);
        } catch (IOException e) {
            throw new UncheckedIOException("a replica of PostgreSQL did not start on port " + port, e);
        }
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** A server of its own for the caller, who closes it. */
    public static PostgresServer start() {
        return start(Map.of());
    }

    /** As {@link #start()}, with settings of postgresql.conf such as {@code max_connections}. */
    public static PostgresServer start(Map<String, String> settings) {
        return new PostgresServer(settings);
    }

    /**
     * A replica of this server, that each change is at before it is confirmed; it refuses changes until {@link #promote}. The
     * caller closes it.
     */
    public PostgresServer startReplica() {
        PostgresServer replica = new PostgresServer(this);
        execute("ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()");
        while (!"sync".equals(value("SELECT max(sync_state) FROM pg_stat_replication"))) {
            PollPause.brief();
        }
        return replica;
    }

    /** Makes a replica the primary: takes changes when this returns. */
    public void promote() {
        execute("SELECT pg_promote(true, 60)");
    }

    /** The one server that all tests of this JVM share; ends with the JVM. */
    public static PostgresServer shared() {
        return Shared.SERVER;
    }

    /** Initialisation on demand: made by the first test that needs it. */
    private static final class Shared {
        private static final PostgresServer SERVER = start();
    }

    /** Unpacks, initialises and starts; ending the processes and files is ours, not zonky's. */
    private void launch(Map<String, String> settings) throws IOException {
        var all = new HashMap<>(Map.of(
                "listen_addresses", "127.0.0.1",
                // zonky turns these off; a killed server must still have all that it confirmed
                "synchronous_commit", "on",
                "full_page_writes", "on",
                "max_connections", "60",
                "shared_buffers", "16MB"));
        all.putAll(settings);
        var builder = EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(START_LIMIT)
                .setConnectConfig("connectTimeout", "5");
        all.forEach(builder::setServerConfig);
        builder.start();
    }

    /** How to start the very same server again; it refuses to run as root, hence the user namespace. */
    private static List<String> commandLine(ProcessHandle postmaster) throws IOException {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(postmaster.info().command().orElseThrow(() -> new IOException("the server's program is hidden")));
        postmaster.info().arguments().ifPresent(arguments -> command.addAll(List.of(arguments)));
        return List.copyOf(command);
    }

    public int port() {
        return port;
    }

    /** Process id of the postmaster. */
    public long pid() {
        return postmaster.pid();
    }

    /** The process that zonky knows is a wrapper that ends; the server wrote its own id down. */
    private ProcessHandle readPostmaster() throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip());
        return ProcessHandle.of(pid).orElseThrow(() -> new IOException("PostgreSQL ended right after its start"));
    }

    /**
     * An empty database {@code name} that belongs to the role of the same name; one that exists already is dropped, with
     * its connections.
     */
    public DatabaseAddress createDatabase(String name) {
        String password = name + "-secret";
        execute(
                "DROP DATABASE IF EXISTS \"" + name + "\" WITH (FORCE)",
                "DO $$ BEGIN CREATE ROLE \"" + name + "\" LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
                "ALTER ROLE \"" + name + "\" PASSWORD '" + password + "'",
                "CREATE DATABASE \"" + name + "\" OWNER \"" + name + "\"");
        return new DatabaseAddress("jdbc:postgresql://127.0.0.1:" + port + "/" + name, name, password);
    }

    /** {@link #createDatabase} and every change set of {@code changeLog}, demo data included. */
    public DatabaseAddress createDatabase(String name, Path changeLog) {
        DatabaseAddress address = createDatabase(name);
        Migrations.of(address, changeLog).up();
        return address;
    }

    /** A connection as the superuser, for a test's own look or interference; the caller closes it. */
    public Connection connect(String database) {
        try {
            return DriverManager.getConnection(url(database), SUPERUSER, "");
        } catch (SQLException e) {
            throw new IllegalStateException("cannot connect to database " + database + " on port " + port, e);
        }
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?connectTimeout=5";
    }

    /** Runs statements as the superuser in the server's own database, each in a transaction of its own. */
    public void execute(String... statements) {
        try (Connection connection = connect(SUPERUSER);
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("a statement of the test failed", e);
        }
    }

    /** What the superuser is answered in the first column of the first row. */
    public @Nullable String value(String query) {
        try (Connection connection = connect(SUPERUSER);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            return rows.next() ? rows.getString(1) : null;
        } catch (SQLException e) {
            throw new IllegalStateException("a query of the test failed", e);
        }
    }

    /** SIGSTOP for all its processes: connections are still accepted by the kernel, and nothing is answered. */
    public void freeze() {
        ProcessSignals.freeze(postmaster);
    }

    public void thaw() {
        ProcessSignals.thaw(postmaster);
    }

    /** SIGKILL for all its processes: connections are reset, new ones are refused. */
    public void kill() {
        ProcessSignals.kill(postmaster);
    }

    /** Starts it again, on the same port with the same data, killing it before if it still runs. */
    public void restart() {
        kill();
        try {
            Files.deleteIfExists(data.resolve("postmaster.pid"));
            awaitAnswers(restarted());
            postmaster = readPostmaster();
            guard.dismiss();
            guard = ServerGuard.of(postmaster.pid(), data);
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not start again on port " + port, e);
        }
    }

    private Process restarted() throws IOException {
        return new ProcessBuilder(commandLine)
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("restart.log").toFile())
                .start();
    }

    private void awaitAnswers(Process started) throws IOException {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            try {
                DriverManager.getConnection(url(SUPERUSER), SUPERUSER, "").close();
                return;
            } catch (SQLException e) {
                if (!started.isAlive() || System.nanoTime() > end) {
                    throw new IOException(Files.readString(data.resolve("restart.log")), e);
                }
                PollPause.brief();
            }
        }
    }

    /** Ends the server and removes its files. */
    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        end();
    }

    private void end() {
        kill();
        guard.dismiss();
        Folders.delete(data);
    }
}
