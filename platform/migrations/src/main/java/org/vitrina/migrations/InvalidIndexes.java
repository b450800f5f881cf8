package org.vitrina.migrations;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.vitrina.migrations.MigrationException.Kind;

/**
 * Builds anew what a {@code CREATE INDEX CONCURRENTLY} that did not come to its end left behind: an index that slows writes,
 * serves no query and guards no key, and that {@code IF NOT EXISTS} takes for a good one. One that is being built at this moment
 * is left alone.
 */
final class InvalidIndexes {
    private static final String FIND =
            """
            SELECT i.indexrelid::regclass::text, c.relname ~ '_cc(new|old)[0-9]*$'
            FROM pg_index i
            JOIN pg_class c ON c.oid = i.indexrelid
            JOIN pg_class t ON t.oid = i.indrelid
            WHERE NOT i.indisvalid AND c.relkind = 'i' AND t.relnamespace = current_schema()::regnamespace
              AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)
            ORDER BY 2 DESC, 1""";

    private final Connection connection;

    InvalidIndexes(Connection connection) {
        this.connection = connection;
    }

    /** An index that is none, and whether it is only what an earlier rebuilding of one left. */
    private record Invalid(String name, boolean leftover) {}

    /** Outside any transaction, as it must be; other work on the tables goes on meanwhile. */
    void mend(Consumer<String> progress) throws SQLException {
        List<Invalid> all = find();
        connection.commit();
        connection.setAutoCommit(true);
        try {
            for (Invalid index : all) {
                progress.accept("building index " + index.name() + " anew, which was left invalid");
                mend(index);
            }
        } finally {
            connection.setAutoCommit(false);
        }
    }

    private void mend(Invalid index) throws SQLException {
        String how = index.leftover() ? "DROP INDEX CONCURRENTLY IF EXISTS " : "REINDEX INDEX CONCURRENTLY ";
        try (var statement = connection.createStatement()) {
            statement.execute(how + index.name());
        } catch (SQLException e) {
            throw new MigrationException(
                    Kind.CHANGE_SET_FAILED,
                    "Index " + index.name() + " was left invalid and cannot be built anew (" + Connector.oneLine(e)
                            + "): mend the rows that are against it, or drop it and have a change set make another,"
                            + " and start again.",
                    e);
        }
    }

    private List<Invalid> find() throws SQLException {
        List<Invalid> found = new ArrayList<>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(FIND)) {
            while (rows.next()) {
                found.add(new Invalid(rows.getString(1), rows.getBoolean(2)));
            }
        }
        return found;
    }
}
