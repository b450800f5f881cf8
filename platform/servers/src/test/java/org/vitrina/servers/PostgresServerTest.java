package org.vitrina.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.vitrina.migrations.DatabaseAddress;

class PostgresServerTest {
    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = PostgresServer.start();
    }

    @AfterAll
    static void close() {
        var process = ProcessHandle.of(server.pid()).orElseThrow();
        server.close();
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void givesEachServiceItsDatabaseAndRole() throws SQLException {
        DatabaseAddress shop = server.createDatabase("shop");
        try (Connection connection = connect(shop, 5);
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (id int)");
            try (var row = statement.executeQuery("SELECT version(), current_user")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getString(1)).startsWith("PostgreSQL 18");
                assertThat(row.getString(2)).isEqualTo("shop");
            }
            server.createDatabase("shop");
            assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
        }
        try (Connection connection = connect(shop, 5);
                var tables = connection.getMetaData().getTables(null, "public", "t", null)) {
            assertThat(tables.next()).as("a database made again is empty").isFalse();
        }
    }

    @Test
    void canBeFrozenThawedKilledAndStartedAgainWithItsData() throws SQLException {
        DatabaseAddress address = server.createDatabase("faults");
        try (Connection connection = connect(address, 5);
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (id int)");

            server.freeze();
            assertThatThrownBy(() -> connect(address, 1)).isInstanceOf(SQLException.class);
            server.thaw();
            statement.execute("INSERT INTO t VALUES (1)");

            server.kill();
            assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> connect(address, 5)).hasMessageContaining("refused");
        }
        server.restart();

        try (Connection connection = connect(address, 5);
                var statement = connection.createStatement();
                var tables = statement.executeQuery("SELECT to_regclass('t') IS NOT NULL")) {
            assertThat(tables.next()).isTrue();
            assertThat(tables.getBoolean(1)).isTrue();
        }
    }

    @Test
    void aReplicaHasWhatWasConfirmedAndTakesChangesOncePromoted() {
        try (PostgresServer primary = PostgresServer.start();
                PostgresServer replica = primary.startReplica()) {
            primary.execute("CREATE TABLE t AS SELECT 7 AS id");
            assertThat(replica.value("SELECT pg_is_in_recovery()")).isEqualTo("t");

            primary.kill();
            replica.promote();

            replica.execute("INSERT INTO t VALUES (8)");
            assertThat(replica.value("SELECT sum(id) FROM t")).isEqualTo("15");
        }
    }

    private static Connection connect(DatabaseAddress address, int seconds) throws SQLException {
        return DriverManager.getConnection(
                address.url() + "?loginTimeout=" + seconds + "&socketTimeout=" + seconds,
                address.user(),
                address.password());
    }
}
