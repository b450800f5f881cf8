package org.vitrina.testing.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PostgresFaultProxyTest {
    private static EmbeddedPostgres postgres;
    private FaultProxy proxy;

    @BeforeAll
    static void startPostgres() throws IOException {
        postgres = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stopPostgres() throws IOException {
        postgres.close();
    }

    @BeforeEach
    void startProxy() {
        proxy = FaultProxy.postgres(postgres.getPort());
    }

    @AfterEach
    void stopProxy() {
        proxy.close();
    }

    @Test
    void passesEverythingWhenHealthy() throws SQLException {
        try (Connection connection = connect()) {
            assertThat(one(connection)).isEqualTo(1);
            assertThat(proxy.connections()).isEqualTo(1);
        }
        await().until(() -> proxy.openConnections() == 0);
    }

    @Test
    void cutsOldConnectionsAndRefusesNewOnes() throws SQLException {
        try (Connection connection = connect()) {
            proxy.inject(Fault.REFUSED);
            assertFailsWith(connection, "08006");
        }
        assertCannotConnect("08001");
        proxy.heal();
        assertAnswers();
    }

    @Test
    void hangsAndGoesOnAfterwards() throws Exception {
        try (Connection connection = connect()) {
            connection.setNetworkTimeout(Runnable::run, 10_000);
            proxy.inject(Fault.HANGS);
            Thread healing = Thread.startVirtualThread(() -> {
                await().pollDelay(Duration.ofMillis(200)).until(() -> true);
                proxy.heal();
            });
            long start = System.nanoTime();
            assertThat(one(connection)).isEqualTo(1);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
            healing.join();
        }
    }

    @Test
    void answersLate() throws SQLException {
        try (Connection connection = connect()) {
            proxy.inject(Fault.late(Duration.ofMillis(200)));
            long start = System.nanoTime();
            assertThat(one(connection)).isEqualTo(1);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }
    }

    @Test
    void resetsTruncatesOrGarblesAnswers() throws SQLException {
        for (Fault fault : new Fault[] {Fault.RESET, Fault.TRUNCATED, Fault.GARBAGE}) {
            proxy.heal();
            try (Connection connection = connect()) {
                connection.setNetworkTimeout(Runnable::run, 2_000);
                proxy.inject(fault);
                assertThatThrownBy(() -> one(connection)).as("%s", fault).isInstanceOf(SQLException.class);
            }
        }
        proxy.heal();
        assertAnswers();
    }

    @Test
    void flaps() {
        proxy.inject(Fault.flapping(Duration.ofMillis(200)));
        assertCannotConnect("08001");
        await().pollInterval(Duration.ofMillis(10)).ignoreExceptions().untilAsserted(this::assertAnswers);
        await().pollInterval(Duration.ofMillis(10)).untilAsserted(() -> assertCannotConnect("08001"));
    }

    @Test
    void saysThatThereAreTooManyConnections() throws SQLException {
        try (Connection connection = connect()) {
            proxy.inject(Fault.postgresRefusal("53300", "sorry, too many clients already"));
            assertFailsWith(connection, "08006");
        }
        assertThatThrownBy(() -> connect().close()).hasMessageContaining("sorry, too many clients already");
        assertCannotConnect("53300");
        proxy.heal();
        assertAnswers();
    }

    private void assertAnswers() throws SQLException {
        try (Connection connection = connect()) {
            assertThat(one(connection)).isEqualTo(1);
        }
    }

    private void assertCannotConnect(String sqlState) {
        assertThatThrownBy(() -> connect().close())
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(sqlState));
    }

    private static void assertFailsWith(Connection connection, String sqlState) {
        assertThatThrownBy(() -> one(connection))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(sqlState));
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/postgres?connectTimeout=5&loginTimeout=5",
                "postgres",
                "");
    }

    private static int one(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select 1")) {
            result.next();
            return result.getInt(1);
        }
    }
}
