package org.vitrina.predictions;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.vitrina.predictions.Store.SOON;
import static org.vitrina.predictions.Store.count;
import static org.vitrina.predictions.Store.sql;

import io.quarkus.arc.Arc;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.servers.BrokerServer;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.EventStream;
import org.vitrina.testing.Mailbox;
import org.vitrina.testing.PostgresResource;
import org.vitrina.testing.Race;
import org.vitrina.testing.identity.TestIssuer;

/** Predictions that callers ask for and fetch later. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "predictions"))
@WithTestResource(BrokerResource.class)
@SuppressWarnings("NullAway.Init") // set by the test resources and by Quarkus
class RequestsTest {
    @TestHTTPResource("/predictions/requests")
    URI requests;

    @Inject
    RequestPurge purge;

    BrokerServer broker;
    Mailbox mailbox;

    @BeforeEach
    void ready() {
        new Store(mailbox).awaitReady();
    }

    @Test
    void isPendingUntilTheModelHasAnswered() {
        Response asked = ask(17);
        asked.then()
                .statusCode(202)
                .header("Cache-Control", "private, no-store")
                .header("Idempotent-Replayed", nullValue());
        String id = asked.jsonPath().getString("request_id");
        assertThat(asked.header("Location")).isEqualTo("/predictions/requests/" + id);
        assertThat(asked.jsonPath().<String, Object>getMap(""))
                .isEqualTo(Map.of("request_id", id, "status", "pending"));

        Response pending = given().get("/predictions/requests/" + id + "/");
        pending.then().statusCode(200).header("Cache-Control", "private, no-store");
        assertThat(pending.jsonPath().<String, Object>getMap(""))
                .isEqualTo(Map.of("request_id", id, "status", "pending"));

        try (FakeModel model = new FakeModel(broker, mailbox, "m7").start(mailbox)) {
            Response done = awaitDone(id);
            assertThat(done.jsonPath().<String, Object>getMap(""))
                    .isEqualTo(Map.of("request_id", id, "status", "done", "value", 17.0f, "model_version", "m7"));
            assertThat(model.asked()).contains("request:" + id);
        }
    }

    @Test
    void asksForTheVersionThatAnExperimentGivesToTheUser() {
        String asked = ask(given().header("Vitrina-Variant", "predictions/m2"), 17)
                .jsonPath()
                .getString("request_id");
        String usual = ask(given().header("Vitrina-Variant", "products/m2"), 18)
                .jsonPath()
                .getString("request_id");

        await().atMost(SOON).until(() -> count("outbox") == 0);
        assertThat(mailbox.take("features"))
                .extracting(letter -> letter.body())
                .filteredOn(body -> body.contains(asked) || body.contains(usual))
                .hasSize(2)
                .allSatisfy(body ->
                        assertThat(body.contains("\"model_version\":\"m2\"")).isEqualTo(body.contains(asked)));
    }

    @Test
    void pushesTheAnswerWhereverItWasTakenIn() throws IOException {
        String id = ask(17).jsonPath().getString("request_id");
        URI events = requests.resolve("requests/" + id + "/events");
        try (EventStream stream = new EventStream(events, null)) {
            assertThat(stream.next())
                    .containsEntry("id", "1")
                    .containsEntry("event", "request.pending")
                    .containsEntry("data", "{\"request_id\":\"" + id + "\",\"status\":\"pending\"}");

            // as another replica does
            sql("SELECT request_answered('" + id + "', 151.5, 'm7')");

            assertThat(stream.next())
                    .containsEntry("id", "2")
                    .containsEntry("event", "request.done")
                    .containsEntry(
                            "data",
                            "{\"request_id\":\"" + id
                                    + "\",\"status\":\"done\",\"value\":151.5,\"model_version\":\"m7\"}");
        }
        try (EventStream again = new EventStream(events, "1")) {
            assertThat(again.next()).containsEntry("id", "2");
        }
        try (EventStream known = new EventStream(events, "2")) {
            assertThat(known.nextLine()).isEqualTo(":alive");
            assertThat(known.nextLine()).isEqualTo(":alive");
        }
        problem(given().get("/predictions/requests/" + UUID.randomUUID() + "/events"), 404, "not-found");
        problem(given().get("/predictions/requests/17/events"), 400, "bad-request");
        drainFeatures();
    }

    @Test
    void pushesToAClientEachOfItsAnswersOnceInTheirOrder() throws IOException {
        String client = UUID.randomUUID().toString();
        URI events = requests.resolve("requests/events?client=" + client);
        List<String> ids = IntStream.range(0, 130)
                .mapToObj(i -> ask(given().queryParam("client", client), i)
                        .then()
                        .statusCode(202)
                        .extract()
                        .jsonPath()
                        .getString("request_id"))
                .toList();
        try (EventStream stream = new EventStream(events, null)) {
            assertThat(stream.nextLine()).isEqualTo(":alive");
            Race.of(5, part -> {
                for (int i = part; i < ids.size(); i += 5) {
                    sql("SELECT request_answered('" + ids.get(i) + "', " + i + ", 'm')");
                }
                return part;
            });
            ask(18); // nobody's

            Set<String> told = new HashSet<>();
            for (int i = 1; i <= ids.size(); i++) {
                Map<String, String> event = stream.next();
                assertThat(event).containsEntry("id", Integer.toString(i)).containsEntry("event", "request.done");
                told.add(new JsonObject(event.get("data")).getString("request_id"));
            }
            assertThat(told).containsExactlyInAnyOrderElementsOf(ids);
        }
        try (EventStream late = new EventStream(events, "128")) {
            assertThat(late.next()).containsEntry("id", "129");
            assertThat(late.next()).containsEntry("id", "130");
        }
        problem(given().get("/predictions/requests/events"), 400, "bad-request");
        problem(given().get("/predictions/requests/events?client=me"), 400, "bad-request");
        problem(ask(given().queryParam("client", "me"), 1), 400, "bad-request");
        drainFeatures();
    }

    @Test
    void answersEachClientItsOwnWhateverReplicaOfTheModelDies() {
        List<String> ids;
        try (FakeModel dying = new FakeModel(broker, mailbox, "m1").dyingAfter(40);
                FakeModel first = new FakeModel(broker, mailbox, "m1");
                FakeModel second = new FakeModel(broker, mailbox, "m1")) {
            dying.start(mailbox);
            first.start(mailbox);
            second.start(mailbox);
            ids = Race.of(32, client -> IntStream.range(0, 8)
                            .mapToObj(i -> ask(client * 100 + i).jsonPath().getString("request_id"))
                            .toList())
                    .stream()
                    .flatMap(List::stream)
                    .toList();

            assertThat(ids).hasSize(256).doesNotHaveDuplicates();
            for (int i = 0; i < ids.size(); i++) {
                assertThat(awaitDone(ids.get(i)).jsonPath().getDouble("value")).isEqualTo(i / 8 * 100 + i % 8);
            }
            assertThat(dying.handled()).isGreaterThan(40);
        }
    }

    @Test
    void keepsTheFirstAnswerOfSeveral() {
        String id = ask(1).jsonPath().getString("request_id");
        var store = new Store(mailbox);
        store.answered("request:" + id, 5, "m1");
        assertThat(awaitDone(id).jsonPath().getDouble("value")).isEqualTo(5);

        store.answered("request:" + id, 6, "m2", 1000);
        store.answered("request:" + UUID.randomUUID(), 6, "m2");

        await().atMost(SOON).until(() -> mailbox.waiting(ModelAnswers.QUEUE) == 0);
        assertThat(awaitDone(id).jsonPath().getDouble("value")).isEqualTo(5);
        assertThat(awaitDone(id).jsonPath().getString("model_version")).isEqualTo("m1");
        drainFeatures();
    }

    @Test
    void aKeyIsOfTheUserWhoSentIt() {
        String key = UUID.randomUUID().toString();
        var enforcement = Arc.container()
                .<Consumer<@Nullable String>>instance("vitrina-enforcement")
                .get();
        var issuer = new TestIssuer();
        enforcement.accept(issuer.jwks());
        try {
            String first = location(askAs(issuer.token("1"), key));

            assertThat(location(askAs(issuer.token("1"), key))).isEqualTo(first);
            assertThat(location(askAs(issuer.token("2"), key))).isNotEqualTo(first);
        } finally {
            enforcement.accept(null);
        }
        drainFeatures();
    }

    private static Response askAs(String token, String key) {
        return ask(given().header("Authorization", "Bearer " + token).header("Idempotency-Key", key), 3);
    }

    private static String location(Response answer) {
        return answer.then().statusCode(202).extract().header("Location");
    }

    @Test
    void asksOnceForAKey() {
        String key = UUID.randomUUID().toString();
        Response first = ask(given().header("Idempotency-Key", key), 3);
        first.then().statusCode(202).header("Idempotent-Replayed", nullValue());

        Response again = ask(given().header("Idempotency-Key", key), 3);
        again.then().statusCode(202).header("Idempotent-Replayed", "true");
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        assertThat(again.asString()).isEqualTo(first.asString());
        String quoted = '"' + key + '"';
        ask(given().header("Idempotency-Key", quoted), 3).then().header("Idempotent-Replayed", "true");
        sql("UPDATE idempotency_record SET key = '" + quoted + "' WHERE key = '" + key + "'"); // of an earlier release
        ask(given().header("Idempotency-Key", quoted), 3).then().header("Idempotent-Replayed", "true");
        ask(given().queryParam("request_id", key), 3).then().header("Idempotent-Replayed", "true");
        ask(given().header("X-Request-Id", key), 3).then().header("Idempotent-Replayed", "true");

        problem(ask(given().header("Idempotency-Key", key), 4), 422, "idempotency-key-reused");
        problem(ask(given().header("Idempotency-Key", "a b"), 4), 400, "idempotency-key");
        String id = first.jsonPath().getString("request_id");
        assertThat(count("prediction_request WHERE id = '" + id + "'")).isEqualTo(1);
        await().atMost(SOON).until(() -> count("outbox") == 0);
        assertThat(mailbox.take("features"))
                .filteredOn(letter -> letter.body().contains(id))
                .hasSize(1);
    }

    @RepeatedTest(3)
    void ofEqualRequestsAtOnceThereIsOne() {
        String key = UUID.randomUUID().toString();

        List<Response> answers = Race.of(24, i -> ask(given().header("Idempotency-Key", key), 3));

        assertThat(answers).extracting(Response::statusCode).containsOnly(202);
        assertThat(answers)
                .extracting(Response::asString)
                .containsOnly(answers.getFirst().asString());
        assertThat(answers)
                .filteredOn(answer -> answer.header("Idempotent-Replayed") == null)
                .hasSize(1);
        drainFeatures();
    }

    @Test
    void withoutAKeyEachCallIsARequest() {
        assertThat(ask(3).header("Location")).isNotEqualTo(ask(3).header("Location"));
        drainFeatures();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "x",
                "{\"features\":null}",
                "{\"features\":[]}",
                "{\"features\":[1,2,3,4,5,6,7,8,9]}",
                "{\"features\":[1,2,3,4,5,6,7,8,9,10,11]}",
                "{\"features\":[1,2,3,4,5,6,7,8,9,null]}",
                "{\"features\":[1,2,3,4,5,6,7,8,9,\"10\"]}",
                "{\"features\":[1,2,3,4,5,6,7,8,9,1e999]}",
                "{\"features\":[1,2,3,4,5,6,7,8,9,1.1e100]}",
                "{\"features\":[1,2,3,4,5,6,7,8,9,-1e308]}",
                "{\"features\":\"1\"}",
                "{\"features\":{}}"
            })
    void refusesWhatIsNoTenNumbersAndKeepsTheKeyFree(String body) {
        String key = UUID.randomUUID().toString();
        Response refused = given().contentType("application/json")
                .header("Idempotency-Key", key)
                .body(body)
                .post("/predictions/requests/");

        refused.then().statusCode(400).contentType("application/problem+json");
        ask(given().header("Idempotency-Key", key), 3)
                .then()
                .statusCode(202)
                .header("Idempotent-Replayed", nullValue());
        drainFeatures();
    }

    @Test
    void numbersBeyondTenAreNotJudged() {
        long begin = System.nanoTime();
        given().contentType("application/json")
                .body("{\"features\":[" + "null,".repeat(10_000) + "1]}")
                .post("/predictions/requests")
                .then()
                .statusCode(400)
                .body("violations.field", equalTo(List.of("features")))
                .body("violations.message", equalTo(List.of("must be ten numbers")));
        // 26 seconds of event loop when each was judged
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void refusesWhatIsTooMuchOrNoJson() {
        problem(
                given().contentType("application/json")
                        .body("{\"features\":[" + "1,".repeat(600_000) + "1]}")
                        .post("/predictions/requests"),
                413,
                "body-too-large");
        given().contentType("text/plain")
                .body("1")
                .post("/predictions/requests")
                .then()
                .statusCode(415);
        problem(given().get("/predictions/requests/7"), 400, "bad-request");
        problem(given().get("/predictions/requests/" + UUID.randomUUID()), 404, "not-found");
        problem(given().header("X-Request-Deadline-Ms", "soon").get("/predictions/product/1"), 400, "bad-request");
        given().header("X-Request-Id", "mine")
                .get("/predictions/product/1")
                .then()
                .header("X-Request-Id", equalTo("mine"));
    }

    @Test
    void removesRequestsThatAreTooOld() {
        String old = ask(1).jsonPath().getString("request_id");
        String young = ask(1).jsonPath().getString("request_id");
        sql("UPDATE prediction_request SET created_at = now() - INTERVAL '73 hours' WHERE id = '" + old + "'");
        sql("UPDATE prediction_request SET created_at = now() - INTERVAL '71 hours' WHERE id = '" + young + "'");

        purge.work().await().atMost(SOON);

        problem(given().get("/predictions/requests/" + old), 404, "not-found");
        given().get("/predictions/requests/" + young).then().statusCode(200);
        // its answer, late, finds nobody
        new Store(mailbox).answered("request:" + old, 6, "m2");
        await().atMost(SOON).until(() -> mailbox.waiting(ModelAnswers.QUEUE) == 0);
        problem(given().get("/predictions/requests/" + old), 404, "not-found");
        drainFeatures();
    }

    private void drainFeatures() {
        await().atMost(SOON).until(() -> count("outbox") == 0);
        mailbox.take("features");
    }

    private static Response ask(int sum) {
        return ask(given(), sum);
    }

    private static Response ask(RequestSpecification how, int sum) {
        return how.contentType("application/json")
                .body("{\"features\":" + Store.features(sum) + "}")
                .post("/predictions/requests");
    }

    private static Response awaitDone(String id) {
        return await().atMost(SOON)
                .pollDelay(Duration.ZERO)
                .until(
                        () -> given().get("/predictions/requests/" + id),
                        answer -> answer.statusCode() == 200
                                && answer.jsonPath().getString("status").equals("done"));
    }

    private static void problem(Response answer, int status, String slug) {
        answer.then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:vitrina:problem:" + slug));
    }
}
