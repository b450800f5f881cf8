package org.vitrina.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.migrations.DatabaseAddress;
import org.vitrina.servers.PostgresServer;
import org.vitrina.testing.TestCertificate;

/** A PostgreSQL that is reached with TLS, as one elsewhere is. */
@SuppressWarnings("NullAway.Init")
class EncryptedDatabaseTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Map<String, String> AUTHORITY =
            Map.of("vitrina.postgres.ca-file", TestCertificate.certificate().toString());

    private static PostgresServer server;
    private static DatabaseAddress address;

    @BeforeAll
    static void start() {
        server = PostgresServer.start(Map.of(
                "listen_addresses",
                "'127.0.0.1, 127.0.0.2'",
                "ssl",
                "on",
                "ssl_cert_file",
                TestCertificate.certificate().toString(),
                "ssl_key_file",
                TestCertificate.key().toString()));
        address = server.createDatabase("encrypted");
        server.execute("CREATE TABLE IF NOT EXISTS seen (id integer)");
    }

    @AfterAll
    static void end() {
        server.close();
    }

    private static PoolFixture at(String host, Map<String, String> settings) {
        String url = "jdbc:postgresql://" + host + ":" + server.port() + "/encrypted?sslmode=verify-full";
        return new PoolFixture(new DatabaseAddress(url, address.user(), address.password()), 2, settings);
    }

    @Test
    void asksEncryptedAndEndsWhatIsLate() throws Exception {
        try (PoolFixture fixture = at("localhost", AUTHORITY);
                Connection lock = server.connect("encrypted")) {
            RowSet<Row> encrypted = PoolFixture.await(fixture.request(SOON, () -> fixture.pool
                    .query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
                    .execute()));
            assertThat(encrypted.iterator().next().getBoolean(0)).isTrue();

            lock.createStatement().execute("SELECT pg_advisory_lock(7)");
            Throwable late = PoolFixture.failure(fixture.request(
                    Duration.ofMillis(300),
                    () -> fixture.pool.query("SELECT pg_advisory_lock(7)").execute()));
            assertThat(late).isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(problem.code())
                    .isEqualTo(ErrorCode.TIMEOUT));
            // the request to cancel came through too: nobody waits for the lock any more
            try (var waiting = lock.createStatement()
                    .executeQuery("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")) {
                waiting.next();
                assertThat(waiting.getInt(1)).isZero();
            }
        }
    }

    @Test
    void asksNobodyWhoseCertificateItDoesNotTrust() {
        try (PoolFixture unknown = at("localhost", Map.of());
                PoolFixture misnamed = at("127.0.0.2", AUTHORITY)) {
            assertThat(PoolFixture.failure(unknown.background(
                            () -> unknown.pool.query("SELECT 1").execute())))
                    .hasMessageContaining("SSL handshake failed");
            assertThat(PoolFixture.failure(misnamed.background(
                            () -> misnamed.pool.query("SELECT 1").execute())))
                    .hasMessageContaining("SSL handshake failed");
        }
    }

    @Test
    void saysWhichFileOfAuthoritiesCannotBeRead() {
        assertThatThrownBy(() -> at("localhost", Map.of("vitrina.postgres.ca-file", "/no/such")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("vitrina.postgres.ca-file is /no/such");
    }
}
