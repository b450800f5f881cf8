package org.vitrina.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.servers.PostgresServer;

/** A service on a PostgreSQL that is killed, frozen, restarted, full and read-only. */
@QuarkusTest
@WithTestResource(OwnPostgres.class)
@SuppressWarnings("NullAway.Init") // set by the test resource and by Quarkus
class PersistenceTest {
    private static final Duration RECOVERY = Duration.ofMillis(1500);

    /** As in application.properties. */
    private static final Duration SILENCE_LIMIT = Duration.ofMillis(1500);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TestHTTPResource("/notes/")
    URI notes;

    @Inject
    PostgresDependency postgresDependency;

    @Inject
    NoteRepository repository;

    @Inject
    MeterRegistry metrics;

    PostgresServer server;

    @BeforeEach
    void works() {
        await().atMost(Duration.ofSeconds(10)).until(() -> get("1").statusCode() == 200);
    }

    @AfterEach
    void repair() {
        server.thaw();
    }

    @Test
    void readsAndWrites() {
        server.execute("SELECT 1");
        assertThat(get("1").body()).isEqualTo("first");
        int id = fresh();
        assertThat(put(id, "new").statusCode()).isEqualTo(204);
        assertThat(get(Integer.toString(id)).body()).isEqualTo("new");
    }

    @Test
    void isUnavailableWhileTheServerIsDeadAndBackRightAfter() {
        server.kill();

        for (int i = 0; i < 3; i++) {
            assertUnavailable(get("1"), "The database is not reachable at the moment; try again.");
        }
        assertUnavailable(put(fresh(), "x"), "The database is not reachable at the moment; try again.");
        assertThat(dependencyFailure()).startsWith("PostgreSQL cannot be used (");

        server.restart();
        assertAnswersWithin(RECOVERY);
        assertThat(dependencyFailure()).isEmpty();
    }

    @Test
    void aReadOverAConnectionThatDiedMeanwhileIsDoneAgain() {
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(start("slow?seconds=0.2", 1000));
        }
        all.forEach(CompletableFuture::join);
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'notes'");

        assertOk(get("1"));
    }

    @Test
    void aReadCutOffInTheMidstByAServerShutdownIsDoneAgainButAWriteIsNot() {
        var read = start("slow?seconds=0.6", 2000);
        var write = start("slow?seconds=0.61&style=write", 2000);
        await().until(() -> running("pg_sleep") == 2);
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'notes'");

        assertOk(read.join());
        assertUnavailable(write.join(), "The database ");
    }

    @Test
    void aFrozenServerHoldsNoRequestBeyondItsDeadlineAndIsBackRightAfterTheThaw() {
        server.freeze();
        long start = System.nanoTime();
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        while (since(start).compareTo(SILENCE_LIMIT.multipliedBy(2)) < 0) {
            for (int i = 0; i < 5; i++) {
                all.add(start("1", 300));
            }
            pause(50);
        }
        for (var one : all) {
            HttpResponse<String> answer = one.join();
            assertThat(answer.statusCode()).isIn(503, 504);
            assertClean(answer);
        }
        assertThat(since(start)).isLessThan(SILENCE_LIMIT.multipliedBy(2).plusMillis(500));

        server.thaw();
        assertAnswersWithin(RECOVERY);
        assertAllConnectionsWork();
    }

    @Test
    void nobodyIsLeftInThePoolsQueueAfterwards() {
        Runnable crowd = () -> {
            List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                all.add(start("slow?seconds=0.1", 300));
            }
            all.forEach(CompletableFuture::join);
        };
        server.kill();
        crowd.run();
        server.restart();
        assertAnswersWithin(RECOVERY);
        server.freeze();
        crowd.run();
        server.thaw();
        assertAnswersWithin(RECOVERY);
        crowd.run();

        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                        metrics.get("sql.pool.queue.size").gauge().value())
                .isZero());
    }

    @Test
    void aConnectionThatNobodyAsksStays() {
        askAllConnectionsAtOnce();
        List<Integer> open = backends();
        assertThat(open).hasSize(5);
        await().during(SILENCE_LIMIT.multipliedBy(2))
                .atMost(SILENCE_LIMIT.multipliedBy(3))
                .until(() -> backends().equals(open));
        // the long silence before does not count against what is asked now
        assertOk(start("slow?seconds=0.3", 1000).join());
        assertThat(backends()).isEqualTo(open);
    }

    @Test
    void aShortFreezeIsOverWithTheThaw() {
        server.freeze();
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            all.add(start("1", 200));
        }
        all.forEach(one -> assertThat(one.join().statusCode()).isIn(503, 504));
        server.thaw();
        assertAnswersWithin(RECOVERY);
        assertAllConnectionsWork();
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "write", "unshielded"})
    void requestsCutOffAtTheirDeadlineGiveTheirConnectionsBack(String style) {
        for (int round = 0; round < 3; round++) {
            List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(start("slow?seconds=0.3&style=" + style, 100 + 9 * i));
            }
            all.forEach(one -> {
                assertThat(one.join().statusCode()).as(one.join().body()).isIn(503, 504);
            });
        }
        await().atMost(RECOVERY).until(() -> get("1").statusCode() == 200);
        assertAllConnectionsWork();
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "write", "unshielded"})
    void statementsEndAtTheDeadlineOfTheirRequestsAndTheirConnectionsStay(String style) {
        askAllConnectionsAtOnce();
        List<Integer> open = backends();
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(start("slow?seconds=2.2&style=" + style, 200));
        }
        all.forEach(
                one -> assertThat(one.join().statusCode()).as(one.join().body()).isEqualTo(504));
        await().atMost(Duration.ofSeconds(1)).until(() -> running("pg_sleep") == 0);
        assertAllConnectionsWork();
        assertThat(backends()).isEqualTo(open);
    }

    @Test
    void tooManyConnectionsAreUnavailability() {
        server.execute("ALTER ROLE notes CONNECTION LIMIT 0", terminate());
        try {
            await().atMost(Duration.ofSeconds(2))
                    .until(() -> get("1").body().contains("The database cannot do this at the moment; try again."));
            assertUnavailable(get("1"), "The database cannot do this at the moment; try again.");
        } finally {
            server.execute("ALTER ROLE notes CONNECTION LIMIT -1");
        }
        assertAnswersWithin(RECOVERY);
    }

    @Test
    void aReadOnlyServerStillReadsAndIsUnavailableForWrites() {
        server.execute("ALTER DATABASE notes SET default_transaction_read_only = on", terminate());
        try {
            assertOk(get("1"));
            assertUnavailable(put(fresh(), "x"), "The database cannot do this at the moment; try again.");
        } finally {
            server.execute("ALTER DATABASE notes RESET default_transaction_read_only", terminate());
        }
        await().atMost(RECOVERY).until(() -> put(fresh(), "x").statusCode() == 204);
    }

    @Test
    void aConstraintViolationIsNoUnavailability() {
        HttpResponse<String> answer = put(1, "again");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertClean(answer);
    }

    @Test
    void isNotReadyWhileTheSchemaIsOlder() {
        assertThat(dependencyFailure()).isEmpty();
        try (var connection = server.connect("notes");
                var statement = connection.createStatement()) {
            statement.execute("UPDATE databasechangelog SET id = 'other'");
            assertThat(dependencyFailure())
                    .isEqualTo("the schema of PostgreSQL is older than this release needs: change set '0001-note' is"
                            + " not applied; run the migrations (vitrina-migrations up)");
            statement.execute("ALTER TABLE databasechangelog RENAME TO gone");
            assertThat(dependencyFailure()).startsWith("the schema of PostgreSQL is older than this release needs");
            statement.execute("ALTER TABLE gone RENAME TO databasechangelog");
            statement.execute("UPDATE databasechangelog SET id = '0001-note'");
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
        assertThat(dependencyFailure()).isEmpty();
    }

    private static String terminate() {
        return "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'notes'";
    }

    /**
     * All of the pool's connections at once: none is lost, none is stuck behind an old statement. The first answers while
     * the last of the broken ones are still being replaced, so all of them have the recovery's time.
     */
    private void assertAllConnectionsWork() {
        await().atMost(RECOVERY.plusSeconds(3)).untilAsserted(this::askAllConnectionsAtOnce);
    }

    private void askAllConnectionsAtOnce() {
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(start("slow?seconds=0.25", 1000));
        }
        all.forEach(one -> assertOk(one.join()));
    }

    private void assertAnswersWithin(Duration limit) {
        long start = System.nanoTime();
        HttpResponse<String> first = start("1", 1400).join();
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(since(start)).isLessThan(limit);
    }

    private static void assertOk(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static void assertUnavailable(HttpResponse<String> answer, String detail) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        assertThat(answer.body()).contains("urn:vitrina:problem:unavailable").contains(detail);
        assertClean(answer);
    }

    private static void assertClean(HttpResponse<String> answer) {
        assertThat(answer.body())
                .doesNotContainIgnoringCase("select")
                .doesNotContain("Exception", "vertx", "hibernate");
    }

    private String dependencyFailure() {
        return postgresDependency
                .check()
                .map(done -> "")
                .onFailure()
                .recoverWithItem(failure -> String.valueOf(failure.getMessage()))
                .await()
                .atMost(Duration.ofSeconds(5));
    }

    private int running(String what) {
        try (var connection = server.connect("notes");
                var statement = connection.createStatement();
                var row =
                        statement.executeQuery("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query"
                                + " LIKE '%" + what + "(%' AND pid <> pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The server's processes that serve the pool. */
    private List<Integer> backends() {
        try (var connection = server.connect("notes");
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'persistence-test@%' ORDER BY pid")) {
            List<Integer> pids = new ArrayList<>();
            while (rows.next()) {
                pids.add(rows.getInt(1));
            }
            return pids;
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int ids = 100;

    private static int fresh() {
        return ids++;
    }

    private HttpResponse<String> get(String path) {
        return start(path, 1000).join();
    }

    private CompletableFuture<HttpResponse<String>> start(String path, int deadlineMillis) {
        return HTTP.sendAsync(
                HttpRequest.newBuilder(notes.resolve(path))
                        .header("X-Request-Deadline-Ms", Integer.toString(deadlineMillis))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> put(int id, String text) {
        return HTTP.sendAsync(
                        HttpRequest.newBuilder(notes.resolve(Integer.toString(id)))
                                .PUT(BodyPublishers.ofString(text))
                                .header("Content-Type", "text/plain")
                                .build(),
                        BodyHandlers.ofString())
                .join();
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
