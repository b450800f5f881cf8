package org.vitrina.sms;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.OpenApiContract;
import org.vitrina.testing.Race;

/** The provider's promises, and how it breaks them on request. */
@QuarkusTest
@SuppressWarnings("NullAway.Init") // set by Quarkus
class SmsTest {
    private static final String JSON = "application/json";
    private static final Duration TIMEOUT = Duration.ofMillis(700);

    @TestHTTPResource("/sms")
    URI url;

    @AfterEach
    void works() {
        given().delete("/ops/faults").then().statusCode(204);
    }

    @Test
    void acceptsAMessageAndTellsOfIt() {
        String reference = UUID.randomUUID().toString();
        Response answer = send("k-" + reference, reference);

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.jsonPath().getString("client_ref")).isEqualTo(reference);
        assertThat(answer.jsonPath().getString("to")).isEqualTo("+79001234567");
        assertThat(ids(reference)).containsExactly(answer.jsonPath().getString("id"));
    }

    @Test
    void erasesWhatIsAsked() {
        String reference = UUID.randomUUID().toString();
        send("k-" + reference, reference);

        given().delete("/sms?client_ref=" + reference).then().statusCode(204);

        assertThat(ids(reference)).isEmpty();
        given().delete("/sms?client_ref=" + reference).then().statusCode(204);
        given().delete("/sms").then().statusCode(400);
    }

    @Test
    void knowsNothingOfWhatItNeverGot() {
        assertThat(given().get("/sms?client_ref=never").asString()).isEqualTo("[]");
    }

    @Test
    void sendsNothingForTheSameKeyAgain() {
        String reference = UUID.randomUUID().toString();
        String first = send("k-" + reference, reference).asString();

        for (String spelling : List.of("k-" + reference, "\"k-" + reference + "\"")) {
            Response again = send(spelling, reference);
            assertThat(again.statusCode()).isEqualTo(200);
            assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
            assertThat(again.asString()).isEqualTo(first);
        }
        assertThat(ids(reference)).hasSize(1);
    }

    @Test
    void refusesAnotherMessageUnderTheSameKey() {
        String reference = UUID.randomUUID().toString();
        send("k-" + reference, reference);

        send("k-" + reference, "other")
                .then()
                .statusCode(422)
                .body("type", equalTo("urn:vitrina:problem:idempotency-key-reused"));
    }

    @Test
    void takesEveryRequestWithoutAKeyAsAMessage() {
        String reference = UUID.randomUUID().toString();
        send(null, reference);
        send(null, reference);

        assertThat(ids(reference)).hasSize(2);
    }

    @Test
    void sendsOneMessageForManyEqualRequestsAtOnce() {
        String reference = UUID.randomUUID().toString();

        List<Response> answers = Race.of(16, i -> send("k-" + reference, reference));

        assertThat(answers)
                .extracting(Response::statusCode)
                .containsOnlyOnce(201)
                .containsOnly(200, 201);
        assertThat(ids(reference)).hasSize(1);
    }

    @Test
    void listsWhatItAcceptedAPageAtATime() {
        String reference = UUID.randomUUID().toString();
        for (int i = 0; i < 3; i++) {
            send(null, reference);
        }
        long first = given().get("/sms?client_ref=" + reference).jsonPath().getLong("[0].position");

        Response page = given().get("/sms?limit=2&after=" + (first - 1));

        assertThat(page.jsonPath().getList("client_ref")).containsExactly(reference, reference);
        assertThat(page.header("Link"))
                .contains("after=" + (first + 1))
                .contains("limit=2")
                .endsWith("rel=\"next\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"to\":\"79001234567\",\"text\":\"t\",\"client_ref\":\"r\"}",
                "{\"to\":\"+0\",\"text\":\"t\",\"client_ref\":\"r\"}",
                "{\"text\":\"t\",\"client_ref\":\"r\"}",
                "{\"to\":\"+79001234567\",\"text\":\"t\",\"client_ref\":\"r\\udc00\"}",
                "{\"to\":\"+79001234567\",\"text\":\"\",\"client_ref\":\"r\"}",
                "{\"to\":\"+79001234567\",\"text\":\"t\"}",
                "{}",
                "no json"
            })
    void refusesWhatIsNoMessage(String body) {
        given().contentType(JSON)
                .body(body)
                .post("/sms")
                .then()
                .statusCode(400)
                .contentType("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"mode\":\"explode\"}", "{\"mode\":\"fail\",\"status\":200}", "{\"times\":0}"})
    void refusesAFaultThatItDoesNotKnow(String body) {
        given().contentType(JSON).body(body).put("/ops/faults").then().statusCode(400);
    }

    @Test
    void failsSoManyTimesAndAcceptsNothingMeanwhile() {
        String reference = UUID.randomUUID().toString();
        faults("{\"mode\":\"fail\",\"status\":503,\"times\":2}");

        assertThat(send("k-" + reference, reference).statusCode()).isEqualTo(503);
        assertThat(send("k-" + reference, reference).statusCode()).isEqualTo(503);
        assertThat(ids(reference)).isEmpty();
        assertThat(send("k-" + reference, reference).statusCode()).isEqualTo(201);
    }

    @Test
    void acceptsAndFails() {
        String reference = UUID.randomUUID().toString();
        faults("{\"mode\":\"accept-then-fail\",\"times\":1}");

        assertThat(send("k-" + reference, reference).statusCode()).isEqualTo(500);
        assertThat(ids(reference)).hasSize(1);
    }

    @Test
    void hasTooMuchToDo() {
        faults("{\"mode\":\"too-many\"}");

        send(null, "any").then().statusCode(429).header("Retry-After", "1");
    }

    @Test
    void hangsWithAndWithoutTheMessage() throws Exception {
        String reference = UUID.randomUUID().toString();
        faults("{\"mode\":\"hang\",\"times\":1}");
        hangs(reference);
        assertThat(ids(reference)).isEmpty();

        faults("{\"mode\":\"accept-then-hang\",\"times\":1}");
        hangs(reference);
        assertThat(ids(reference)).hasSize(1);
    }

    @Test
    void misbehavesTowardsOneNumberOnly() {
        faults("{\"mode\":\"fail\",\"to\":\"+7999\"}");

        assertThat(send(null, "somebody").statusCode()).isEqualTo(201);
    }

    @Test
    void answersLate() {
        faults("{\"delay_millis\":300}");
        long start = System.nanoTime();

        send(null, "late").then().statusCode(201);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void canBeAProviderThatKnowsNeitherKeysNorQuestions() {
        String reference = UUID.randomUUID().toString();
        faults("{\"plain\":true}");
        send("k-" + reference, reference);
        send("k-" + reference, reference).then().statusCode(201);
        given().get("/sms?client_ref=" + reference).then().statusCode(404);
        works();

        assertThat(ids(reference)).hasSize(2);
    }

    @Test
    void describesItself() {
        OpenApiContract.served(given().get("/q/openapi").asString())
                .operation("POST /sms", 200, 201, 400, 422, 429)
                .operation("GET /sms", 200, 400, 404)
                .operation("DELETE /sms", 204, 400, 404)
                .operation("GET /ops/faults", 200)
                .operation("PUT /ops/faults", 200, 400)
                .operation("DELETE /ops/faults", 204)
                .fields("POST /sms 201", "position", "id", "to", "text", "client_ref", "accepted_at")
                .fields("GET /sms 200", "position", "id", "to", "text", "client_ref", "accepted_at")
                .assertAgrees();
    }

    private void hangs(String reference) {
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(TIMEOUT)
                .header("Content-Type", JSON)
                .header("Idempotency-Key", "k-" + reference)
                .POST(BodyPublishers.ofString(body(reference)))
                .build();
        assertThatThrownBy(() -> HttpClient.newHttpClient().send(request, BodyHandlers.ofString()))
                .isInstanceOf(HttpTimeoutException.class);
    }

    private static void faults(String body) {
        given().contentType(JSON).body(body).put("/ops/faults").then().statusCode(200);
    }

    private static Response send(@org.jspecify.annotations.Nullable String key, String reference) {
        RequestSpecification request = given().contentType(JSON).body(body(reference));
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        return request.post("/sms");
    }

    private static String body(String reference) {
        return "{\"to\":\"+79001234567\",\"text\":\"hello\",\"client_ref\":\"" + reference + "\"}";
    }

    private static List<String> ids(String reference) {
        return given().get("/sms?client_ref=" + reference).jsonPath().getList("id");
    }
}
