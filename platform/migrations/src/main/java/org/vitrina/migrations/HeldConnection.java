package org.vitrina.migrations;

import java.sql.Connection;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.DatabaseException;

/**
 * Makes a change set and its line in the history one transaction.
 *
 * <p>Liquibase commits the change first and the line afterwards; a run killed between the two leaves a change that
 * nobody knows of, and the next run fails on it. While held, its commits do nothing.
 */
final class HeldConnection extends JdbcConnection {
    private boolean held;

    HeldConnection(Connection connection) {
        super(connection);
    }

    void hold() {
        held = true;
    }

    void commitHeld() throws DatabaseException {
        held = false;
        commit();
    }

    void rollbackHeld() throws DatabaseException {
        held = false;
        rollback();
    }

    @Override
    public void commit() throws DatabaseException {
        if (!held) {
            super.commit();
        }
    }

    // Equal to itself only, as Liquibase keeps connections in maps.
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
