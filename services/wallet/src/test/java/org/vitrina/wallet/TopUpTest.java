package org.vitrina.wallet;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.servers.PostgresServer;
import org.vitrina.testing.PostgresResource;
import org.vitrina.testing.Race;

/** Top-ups on PostgreSQL. Each test has users of its own. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "wallet"))
class TopUpTest {
    private static final String JSON = "application/json";
    private static final String PROBLEM = "application/problem+json";
    private static final String KEY = "Idempotency-Key";

    @Test
    void paysInOnceForAKey() {
        Response first = topUp(401, "k", "\"25.5\"");
        first.then().statusCode(201).header("Idempotent-Replayed", nullValue());
        assertThat(first.asString()).isEqualTo("{\"balance\":\"25.50\"}");
        topUp(401, "l", "1").then().statusCode(201).body("balance", equalTo("26.50"));

        Response again = topUp(401, "k", "25.50");
        again.then().statusCode(200).header("Idempotent-Replayed", equalTo("true"));
        assertThat(again.asString()).isEqualTo(first.asString());

        assertThat(balance(401)).isEqualTo("26.50");
        assertThat(Ledger.total(401)).isEqualTo("26.50");
    }

    @Test
    void aQuotedKeyAndTheBareOneAreOneAlsoOfAnEarlierRelease() throws SQLException {
        topUp(420, "\"k\"", "5").then().statusCode(201);
        topUp(420, "k", "5").then().statusCode(200).header("Idempotent-Replayed", "true");

        try (var connection = PostgresServer.shared().connect("wallet");
                var statement = connection.createStatement()) {
            statement.execute("UPDATE idempotency_record SET key = '\"k\"' WHERE user_id = 420");
        }
        topUp(420, "\"k\"", "5").then().statusCode(200).header("Idempotent-Replayed", "true");
        topUp(420, "k", "5").then().statusCode(200).header("Idempotent-Replayed", "true");

        assertThat(balance(420)).isEqualTo("5.00");
    }

    @Test
    void anErasedUsersKeyTellsNothingAndPaysInNothing() {
        topUp(431, "k", "1234.56").then().statusCode(201);

        given().delete("/ops/users/431").then().statusCode(200).body("erased.answers", equalTo(1));

        problem(topUp(431, "k", "1234.56"), 422, "idempotency-key-reused");
        assertThat(balance(431)).isEqualTo("1234.56");
        assertThat(Ledger.total(431)).isEqualTo("1234.56");
        assertThat(Ledger.query(
                        "SELECT answer || encode(fingerprint, 'hex') FROM idempotency_record" + " WHERE user_id = 431"))
                .containsExactly("");
        given().delete("/ops/users/431").then().statusCode(200).body("erased.answers", equalTo(0));
    }

    @Test
    void refusesTheKeyOfAnotherAmount() {
        topUp(402, "k", "5").then().statusCode(201);

        problem(topUp(402, "k", "6"), 422, "idempotency-key-reused");

        assertThat(balance(402)).isEqualTo("5.00");
    }

    @Test
    void aKeyIsItsUsersOwn() {
        topUp(403, "k", "5").then().statusCode(201);
        topUp(404, "k", "6").then().statusCode(201);

        assertThat(balance(403)).isEqualTo("5.00");
        assertThat(balance(404)).isEqualTo("6.00");
    }

    @Test
    void takesTheKeyFromTheHeaderThenTheParameterThenTheCallersRequestId() {
        var request = given().contentType(JSON).body("{\"amount\":\"1.00\"}");
        request.header(KEY, "header")
                .header("X-Request-Id", "request")
                .post("/users/405/wallet/top-ups?request_id=parameter")
                .then()
                .statusCode(201);
        topUp(405, "header", "1").then().statusCode(200);
        given().contentType(JSON)
                .body("{\"amount\":\"1.00\"}")
                .header("X-Request-Id", "request")
                .post("/users/405/wallet/top-ups?request_id=parameter")
                .then()
                .statusCode(201);
        topUp(405, "parameter", "1").then().statusCode(200);
        given().contentType(JSON)
                .body("{\"amount\":\"1.00\"}")
                .header("X-Request-Id", "request")
                .post("/users/405/wallet/top-ups")
                .then()
                .statusCode(201);
        topUp(405, "request", "1").then().statusCode(200);

        assertThat(balance(405)).isEqualTo("3.00");
    }

    @Test
    void needsAKey() {
        var withoutKey = given().contentType(JSON).body("{\"amount\":\"1.00\"}").post("/users/406/wallet/top-ups");
        problem(withoutKey, 400, "idempotency-key");
        problem(topUp(406, "a b", "1"), 400, "idempotency-key");
        problem(topUp(406, "k".repeat(256), "1"), 400, "idempotency-key");
        topUp(406, "k".repeat(255), "1").then().statusCode(201);
        assertThat(balance(406)).isEqualTo("1.00");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"0\"", "0.00", "\"-1\"", "-1", "1.001", "\"1e3\"", "1e3", "\"\"", "null", "true", "[]", "{}", "x"
            })
    void refusesAnAmountThatIsNoneAndKeepsTheKeyFree(String amount) {
        int user = 1_000_000 + Math.floorMod(amount.hashCode(), 1_000_000);

        Response refused = topUp(user, "k", amount);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.contentType()).startsWith(PROBLEM);
        topUp(user, "k", "2.00").then().statusCode(201);
        assertThat(balance(user)).isEqualTo("2.00");
    }

    @Test
    void aWalletHoldsNoMoreThanAnAmountCanSay() {
        topUp(407, "k", "\"999999999999.98\"").then().statusCode(201);

        problem(topUp(407, "l", "0.02"), 409, "wallet-full");
        assertThat(balance(407)).isEqualTo("999999999999.98");

        // the key that was refused is free
        topUp(407, "l", "0.01").then().statusCode(201);
        assertThat(balance(407)).isEqualTo("999999999999.99");
    }

    @Test
    void aWalletThatIsFilledUpKeepsRoomForWhatOrdersMayBringBack() {
        topUp(411, "k", "\"999999999999.99\"").then().statusCode(201);
        String kept = "/users/411/wallet/debits/" + UUID.randomUUID();
        String cancelled = "/users/411/wallet/debits/" + UUID.randomUUID();
        for (String order : List.of(kept, cancelled)) {
            given().contentType(JSON)
                    .body("{\"amount\":\"50.00\"}")
                    .put(order)
                    .then()
                    .statusCode(201);
        }

        problem(topUp(411, "l", "0.01"), 409, "wallet-full");

        given().delete(cancelled).then().statusCode(204);
        problem(topUp(411, "l", "0.01"), 409, "wallet-full");
        given().delete(kept).then().statusCode(204);
        assertThat(balance(411)).isEqualTo("999999999999.99");
        given().get("/ops/audit").then().statusCode(200).body("consistent", equalTo(true));
    }

    @RepeatedTest(3)
    void topUpsAndRefundsAtOnceNeverMeetAFullWallet() {
        int user = 2_000_000 + Math.floorMod(UUID.randomUUID().hashCode(), 1_000_000_000);
        topUp(user, "first", "\"999999999999.00\"").then().statusCode(201);
        List<String> orders = java.util.stream.IntStream.range(0, 8)
                .mapToObj(i -> "/users/" + user + "/wallet/debits/" + UUID.randomUUID())
                .toList();
        orders.forEach(order -> given().contentType(JSON)
                .body("{\"amount\":\"1.00\"}")
                .put(order)
                .then()
                .statusCode(201));

        var answers = Race.of(16, i -> i % 2 == 0 ? topUp(user, "k" + i, "0.50") : given().delete(orders.get(i / 2)));

        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).statusCode()).isIn(i % 2 == 0 ? List.of(201, 409) : List.of(204));
        }
        assertThat(answers).filteredOn(answer -> answer.statusCode() == 201).hasSize(1);
        assertThat(balance(user)).isEqualTo("999999999999.50");
    }

    @Test
    void isSpentAndComesFromTheAccountOfTopUps() {
        var before = given().get("/ops/audit").jsonPath();
        topUp(408, "k", "7.00").then().statusCode(201);
        var after = given().get("/ops/audit").jsonPath();

        assertThat(after.getBoolean("consistent")).isTrue();
        assertThat(new java.math.BigDecimal(after.getString("top_ups"))
                        .subtract(new java.math.BigDecimal(before.getString("top_ups"))))
                .isEqualTo("-7.00");
    }

    @RepeatedTest(5)
    void ofEqualTopUpsAtOnceOnePaysIn() {
        String key = UUID.randomUUID().toString();
        int user = 2_000_000 + Math.floorMod(key.hashCode(), 1_000_000_000);

        var answers = Race.of(32, i -> topUp(user, key, "3.00"));

        assertThat(answers).extracting(Response::statusCode).containsOnly(200, 201);
        assertThat(answers).filteredOn(answer -> answer.statusCode() == 201).hasSize(1);
        assertThat(answers).extracting(Response::asString).containsOnly("{\"balance\":\"3.00\"}");
        assertThat(balance(user)).isEqualTo("3.00");
    }

    @RepeatedTest(3)
    void topUpsAndDebitsAtOnceAddUp() {
        int user = 2_000_000 + Math.floorMod(UUID.randomUUID().hashCode(), 1_000_000_000);
        topUp(user, "first", "10.00").then().statusCode(201);

        var answers = Race.of(
                32,
                i -> i % 2 == 0
                        ? topUp(user, "k" + i, "1.00")
                        : given().contentType(JSON)
                                .body("{\"amount\":\"1.00\"}")
                                .put("/users/" + user + "/wallet/debits/" + UUID.randomUUID()));

        long taken = java.util.stream.IntStream.range(0, 32)
                .filter(i -> i % 2 == 1 && answers.get(i).statusCode() == 201)
                .count();
        assertThat(balance(user)).isEqualTo((26 - taken) + ".00");
        assertThat(Ledger.total(user)).isEqualTo((26 - taken) + ".00");
    }

    @Test
    void aTopUpWhoseAnswerIsLostIsPaidInOnceAfterAll() {
        topUp(409, "before", "1.00").then().statusCode(201);
        PostgresServer.shared().freeze();
        try {
            problem(
                    given().header("X-Request-Deadline-Ms", 300)
                            .header(KEY, "lost")
                            .contentType(JSON)
                            .body("{\"amount\":\"4.00\"}")
                            .post("/users/409/wallet/top-ups"),
                    504,
                    "timeout");
        } finally {
            PostgresServer.shared().thaw();
        }

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(topUp(409, "lost", "4.00").statusCode()).isIn(200, 201));
        assertThat(balance(409)).isEqualTo("5.00");
    }

    @Test
    void nobodyKeepsAUsersAnswer() {
        for (Response answer : List.of(topUp(410, "k", "1"), topUp(410, "k", "2"))) {
            answer.then().header("Cache-Control", "private, no-store").header("Vary", "Authorization");
        }
    }

    private static Response topUp(int userId, String key, String amount) {
        return given().contentType(JSON)
                .header(KEY, key)
                .body("{\"amount\":" + amount + "}")
                .post("/users/" + userId + "/wallet/top-ups");
    }

    private static String balance(int userId) {
        return given().get("/users/" + userId + "/wallet").jsonPath().getString("balance");
    }

    private static void problem(Response answer, int status, String slug) {
        answer.then().statusCode(status).contentType(PROBLEM).body("type", equalTo("urn:vitrina:problem:" + slug));
    }
}
