package org.vitrina.migrations;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import org.vitrina.migrations.MigrationException.Kind;

/**
 * Lets one run at a time work on a database.
 *
 * <p>An advisory lock of PostgreSQL, held by the very connection that does the work: it ends with that connection, so
 * a killed run cannot leave it behind, as it would Liquibase's lock table.
 */
final class RunLock {
    /** "vitrina" in ASCII: advisory locks are numbers, and others may use some in the same database. */
    static final long KEY = 0x0076_6974_7269_6e61L;

    private static final String ENDED = "just ended";
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Connection connection;

    RunLock(Connection connection) {
        this.connection = connection;
    }

    /**
     * Waits for the lock, asking again and again: a blocked {@code pg_advisory_lock} would hold a snapshot, for which a
     * {@code CREATE INDEX CONCURRENTLY} of the run that works would wait in turn.
     */
    void acquire(Duration timeout, Consumer<String> progress) throws SQLException {
        long start = System.nanoTime();
        long lastSaid = -1;
        while (!tryAcquire()) {
            String holder = holder();
            Duration waited = Duration.ofNanos(System.nanoTime() - start);
            if (waited.compareTo(timeout) >= 0) {
                throw new MigrationException(
                        Kind.BUSY,
                        "Another migration run (" + holder + ") kept its lock for " + timeout.toSeconds()
                                + " s: let it end, or end that process, and start again.");
            }
            if (waited.toSeconds() > lastSaid && !holder.equals(ENDED)) {
                lastSaid = waited.toSeconds();
                progress.accept("waiting for another migration run (" + holder + "), " + waited.toSeconds() + " of "
                        + timeout.toSeconds() + " s");
            }
            Pause.of(PAUSE);
        }
    }

    private boolean tryAcquire() throws SQLException {
        try (var statement = connection.prepareStatement("SELECT pg_try_advisory_lock(?)")) {
            statement.setLong(1, KEY);
            try (var row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        } finally {
            connection.commit();
        }
    }

    private String holder() throws SQLException {
        try (var statement = connection.prepareStatement(
                """
                SELECT a.pid, coalesce(host(a.client_addr), 'local'), to_char(a.backend_start AT TIME ZONE 'UTC', 'HH24:MI:SS')
                FROM pg_locks l JOIN pg_stat_activity a USING (pid)
                WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
                  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                  AND (l.classid::bigint << 32 | l.objid::bigint) = ?
                """)) {
            statement.setLong(1, KEY);
            try (var row = statement.executeQuery()) {
                return row.next()
                        ? "server process " + row.getInt(1) + " for " + row.getString(2) + ", since " + row.getString(3)
                                + " UTC"
                        : ENDED;
            }
        } finally {
            connection.commit();
        }
    }
}
