package org.vitrina.e2e.orders;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.vitrina.servers.PostgresServer;

/** Keeps everybody else from a table for a while. */
final class TableLock {
    private final PostgresServer server;
    private final String database;
    private final String table;
    private @Nullable Connection holder;

    TableLock(PostgresServer server, String database, String table) {
        this.server = server;
        this.database = database;
        this.table = table;
    }

    void take() throws SQLException {
        Connection connection = server.connect(database);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
        }
        holder = connection;
    }

    void release() throws SQLException {
        Objects.requireNonNull(holder).close();
        holder = null;
    }
}
