package org.vitrina.persistence.idempotency;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vitrina.core.Deadline;
import org.vitrina.core.ProblemException;
import org.vitrina.persistence.OwnPostgres;
import org.vitrina.servers.PostgresServer;
import org.vitrina.testing.Race;

/** Keys on PostgreSQL. Each test has a user of its own. */
@QuarkusTest
@WithTestResource(OwnPostgres.class)
@SuppressWarnings("NullAway.Init") // set by the test resource and by Quarkus
class IdempotencyTest {
    @Inject
    IdempotencyPurge purge;

    @Inject
    InFlightRequests inFlight;

    PostgresServer server;

    @BeforeEach
    void works() {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> given().get("/notes/1").statusCode() == 200);
    }

    @Test
    void makesAChangeOnceAndRepeatsItsAnswer() {
        once(1, "k", "a").then().statusCode(201).body(equalTo("made a")).header("Idempotent-Replayed", nullValue());
        for (int i = 0; i < 3; i++) {
            once(1, "k", "a").then().statusCode(201).body(equalTo("made a")).header("Idempotent-Replayed", "true");
        }
        assertThat(effects(1)).isEqualTo(1);
    }

    @Test
    void anotherBodyUnderTheSameKeyIsRefused() {
        once(2, "k", "a").then().statusCode(201);

        once(2, "k", "b").then().statusCode(422).body("type", equalTo("urn:vitrina:problem:idempotency-key-reused"));
        assertThat(effects(2)).isEqualTo(1);
    }

    @Test
    void aQuotedKeyAndTheBareOneAreOne() {
        once(20, "%22k%22", "a").then().statusCode(201).header("Idempotent-Replayed", nullValue());
        for (String spelling : List.of("k", "%22k%22")) {
            once(20, spelling, "a")
                    .then()
                    .statusCode(201)
                    .body(equalTo("made a"))
                    .header("Idempotent-Replayed", "true");
        }
        assertThat(effects(20)).isEqualTo(1);

        var answers = Race.of(5, i -> once(21, i % 2 == 0 ? "k" : "%22k%22", "a"));
        assertThat(answers).extracting(Response::asString).containsOnly("made a");
        assertThat(effects(21)).isEqualTo(1);
    }

    @Test
    void aRecordThatAnEarlierReleaseKeptUnderTheQuotedSpellingIsFound() {
        once(22, "k", "a").then().statusCode(201);
        execute("UPDATE idempotency_record SET key = '\"k\"' WHERE user_id = 22");

        for (String spelling : List.of("%22k%22", "k")) {
            once(22, spelling, "a")
                    .then()
                    .statusCode(201)
                    .body(equalTo("made a"))
                    .header("Idempotent-Replayed", "true");
            once(22, spelling, "b").then().statusCode(422);
        }
        assertThat(effects(22)).isEqualTo(1);
    }

    @Test
    void twoRecordsThatAnEarlierReleaseKeptUnderTheTwoSpellingsAreToldApart() {
        once(23, "other", "a").then().statusCode(201);
        execute("UPDATE idempotency_record SET key = '\"k\"' WHERE user_id = 23");
        once(23, "other", "b").then().statusCode(201);
        execute("UPDATE idempotency_record SET key = 'k' WHERE user_id = 23 AND key = 'other'");

        once(23, "%22k%22", "a").then().statusCode(201).body(equalTo("made a")).header("Idempotent-Replayed", "true");
        once(23, "k", "b").then().statusCode(201).body(equalTo("made b")).header("Idempotent-Replayed", "true");
        assertThat(effects(23)).isEqualTo(2);
    }

    @Test
    void theSameKeyOfAnotherUserIsAnotherOne() {
        once(3, "k", "a").then().statusCode(201);
        once(4, "k", "b").then().statusCode(201);
        assertThat(effects(3)).isEqualTo(1);
        assertThat(effects(4)).isEqualTo(1);
    }

    @Test
    void aChangeThatFailsLeavesTheKeyFreeAndNothingBehind() {
        once(5, "k", "fails").then().statusCode(500);
        assertThat(effects(5)).isZero();

        once(5, "k", "a").then().statusCode(201);
        assertThat(effects(5)).isEqualTo(1);
    }

    @Test
    void ofTwinsAtOnceOneMakesTheChangeAndAllTellIt() {
        // as many as the pool of this test has connections
        var answers = Race.of(5, i -> once(6, "k", "a"));

        assertThat(answers).extracting(Response::statusCode).containsOnly(201);
        assertThat(answers).extracting(Response::asString).containsOnly("made a");
        assertThat(answers)
                .filteredOn(answer -> answer.header("Idempotent-Replayed") == null)
                .hasSize(1);
        assertThat(effects(6)).isEqualTo(1);
    }

    @Test
    void aClaimHoldsTheKeyForItsLease() {
        assertThat(claim(7, "k", "a", 60_000)).isEqualTo("mine");
        assertThat(claim(7, "k", "a", 60_000)).isEqualTo("running");
        assertThat(claim(7, "k", "b", 60_000)).isEqualTo("other");
        once(7, "k", "a")
                .then()
                .statusCode(409)
                .header("Retry-After", "1")
                .body("type", equalTo("urn:vitrina:problem:request-in-progress"));
    }

    @Test
    void aDeadClaimantsKeyGoesToTheSameRequestOnly() {
        assertThat(claim(8, "k", "a", 0)).isEqualTo("mine");
        assertThat(claim(8, "k", "b", 0)).isEqualTo("other");
        await().atMost(Duration.ofSeconds(5))
                .until(() -> claim(8, "k", "a", 60_000).equals("mine"));
        assertThat(claim(8, "k", "a", 60_000)).isEqualTo("running");
    }

    @Test
    void aFreedKeyBeginsAnew() {
        assertThat(claim(9, "k", "a", 60_000)).isEqualTo("mine");
        given().delete("/effects/9/k").then().statusCode(204);
        assertThat(claim(9, "k", "b", 60_000)).isEqualTo("mine");
    }

    @Test
    void aTwinLooksUntilThereIsAnOutcome() {
        var looks = new AtomicInteger();

        String outcome = inFlight.await(Deadline.in(Duration.ofSeconds(30)), () -> Uni.createFrom()
                        .item(looks.incrementAndGet() < 4 ? Optional.<String>empty() : Optional.of("done")))
                .await()
                .atMost(Duration.ofSeconds(30));

        assertThat(outcome).isEqualTo("done");
        assertThat(looks).hasValue(4);
    }

    @Test
    void aTwinThatWaitsInVainIsToldToComeBack() {
        var waiting = inFlight.await(
                Deadline.in(Duration.ofMillis(200)), () -> Uni.createFrom().item(Optional.empty()));

        assertThatThrownBy(() -> waiting.await().atMost(Duration.ofSeconds(30)))
                .isInstanceOfSatisfying(ProblemException.class, problem -> {
                    assertThat(problem.code()).isEqualTo(KeyProblems.IN_PROGRESS);
                    assertThat(problem.headers()).containsEntry("Retry-After", "1");
                });
    }

    @Test
    void whatIsOldEnoughIsRemovedAndNothingElse() {
        once(12, "old", "a").then().statusCode(201);
        once(12, "new", "a").then().statusCode(201);
        assertThat(claim(12, "at-work", "a", 60_000)).isEqualTo("mine");
        execute(
                "UPDATE idempotency_record SET created_at = now() - interval '49 hours' WHERE user_id = 12 AND key <> 'new'");

        purge.purge().await().atMost(Duration.ofSeconds(10));

        assertThat(claim(12, "old", "b", 60_000)).isEqualTo("mine");
        assertThat(claim(12, "new", "b", 60_000)).isEqualTo("other");
        assertThat(claim(12, "at-work", "b", 60_000)).isEqualTo("other");
    }

    @Test
    void partsOfAFingerprintDoNotRunTogether() {
        assertThat(Fingerprint.of("ab", "c").bytes())
                .isNotEqualTo(Fingerprint.of("a", "bc").bytes());
        assertThat(Fingerprint.of("a", 1).is(Fingerprint.of("a", "1").bytes())).isTrue();
    }

    private static Response once(int user, String key, String text) {
        return given().urlEncodingEnabled(false).body(text).post("/effects/" + user + "/" + key);
    }

    private static String claim(int user, String key, String text, long lease) {
        return given().body(text)
                .post("/effects/" + user + "/" + key + "/claim?lease=" + lease)
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }

    private int effects(int user) {
        try (var connection = server.connect("notes");
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM effect WHERE user_id = " + user)) {
            rows.next();
            return rows.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void execute(String sql) {
        try (var connection = server.connect("notes");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
