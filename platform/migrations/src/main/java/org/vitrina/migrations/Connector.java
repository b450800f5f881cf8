package org.vitrina.migrations;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.vitrina.migrations.MigrationException.Kind;

/** Opens the one connection of a run, waiting for a database that is not there yet. */
final class Connector {
    /** Waiting does not help against these: wrong user or password, no such database. */
    private static final Set<String> FINAL_STATES = Set.of("28P01", "28000", "3D000");

    private static final Duration PAUSE = Duration.ofMillis(250);

    private final DatabaseAddress address;
    private final Duration timeout;
    private final Consumer<String> progress;

    Connector(DatabaseAddress address, Duration timeout, Consumer<String> progress) {
        this.address = address;
        this.timeout = timeout;
        this.progress = progress;
    }

    /** A connection without auto-commit. */
    Connection open() {
        long start = System.nanoTime();
        long lastSaid = -1;
        while (true) {
            SQLException failure;
            try {
                return connect();
            } catch (SQLException e) {
                failure = e;
            }
            Duration waited = Duration.ofNanos(System.nanoTime() - start);
            if (FINAL_STATES.contains(stateOf(failure))) {
                throw new MigrationException(
                        Kind.NO_DATABASE,
                        "The database at " + address.shown() + " refused user '" + address.user() + "' ("
                                + oneLine(failure)
                                + "): check --url, --user and the password, and that role and database were created.",
                        failure);
            }
            if (waited.compareTo(timeout) >= 0) {
                throw new MigrationException(
                        Kind.NO_DATABASE,
                        "The database at " + address.shown() + " was not reachable within " + timeout.toSeconds()
                                + " s (" + oneLine(failure)
                                + "): start it, correct --url, or wait longer with --wait SECONDS.",
                        failure);
            }
            if (waited.toSeconds() > lastSaid) {
                lastSaid = waited.toSeconds();
                progress.accept("waiting for the database at " + address.shown() + ", " + waited.toSeconds() + " of "
                        + timeout.toSeconds() + " s (" + oneLine(failure) + ")");
            }
            Pause.of(PAUSE);
        }
    }

    private Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", address.user());
        properties.setProperty("password", address.password());
        properties.setProperty("ApplicationName", "vitrina-migrations");
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("loginTimeout", "10");
        properties.setProperty("tcpKeepAlive", "true");
        // of several servers another may have been made the primary since
        properties.setProperty("hostRecheckSeconds", "1");
        // The server must notice within seconds that this process is gone, in the midst of a long statement too: the
        // lock of a killed run is free only then.
        properties.setProperty(
                "options",
                "-c client_connection_check_interval=1000 -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5"
                        + " -c tcp_keepalives_count=3");
        Connection connection = new Driver().connect(address.url(), properties);
        if (connection == null) {
            throw MigrationException.usage("The PostgreSQL driver does not understand " + address.shown()
                    + ": use jdbc:postgresql://host:5432/name.");
        }
        connection.setAutoCommit(false);
        return connection;
    }

    private static String stateOf(SQLException e) {
        String state = e.getSQLState();
        return state == null ? "" : state;
    }

    static String oneLine(@Nullable Throwable failure) {
        if (failure == null) {
            return "no cause given";
        }
        String message = failure.getMessage();
        return message == null
                ? failure.getClass().getSimpleName()
                : message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
