package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.LogLines;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.http.FakeService;
import org.vitrina.testing.http.FakeService.Request;

/** {@code /api/v1/orders}, {@code /wallet}, {@code /notifications} and {@code /predictions}. */
@QuarkusTest
class CheckoutTest extends BffTest {
    private static final String ORDER = "{\"products\":[{\"id\":42,\"price\":\"2500\"}],\"shipping_to\":\"Moscow\"}";
    private static final String CONFIRMED = "{\"order_id\":\"0193\",\"status\":\"confirmed\"}";

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/orders", "/api/v1/orders/"})
    void handsAnOrderOnWithItsKeyAndItsVersions(String path) {
        behind.orders()
                .answer(Answer.of(
                        201,
                        Map.of("Location", "/api/v1/orders/0193", "ETag", "\"43\"", "Idempotent-Replayed", "true"),
                        CONFIRMED));

        Shop.Answer answer =
                place(path, "Idempotency-Key", "k-1", "If-Match", "\"42\"").is(201);

        assertThat(answer.body()).isEqualTo(CONFIRMED);
        assertThat(answer.header("Location")).isEqualTo("/api/v1/orders/0193");
        assertThat(answer.header("ETag")).isEqualTo("\"43\"");
        assertThat(answer.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(answer.header("Cache-Control")).isEqualTo("private, no-store");
        Request request = only();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/api/v1/orders/?user_id=3");
        assertThat(request.body()).isEqualTo(ORDER);
        assertThat(request.header("Idempotency-Key")).isEqualTo("k-1");
        assertThat(request.header("If-Match")).isEqualTo("\"42\"");
        assertThat(Integer.parseInt(request.header("X-Request-Deadline-Ms"))).isBetween(1200, 1780);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/orders/?request_id=k-2, , , k-2",
        "/api/v1/orders/, X-Request-Id, k-3, k-3",
        "/api/v1/orders/?request_id=k-2, X-Request-Id, k-3, k-2",
        "/api/v1/orders/?request_id=k-2&user_id=9, Idempotency-Key, k-1, k-1"
    })
    void takesTheKeyFromWhereTheCallerPutIt(String path, @Nullable String header, @Nullable String value, String key) {
        behind.orders().answer(Answer.of(201, Map.of(), CONFIRMED));

        (header == null || value == null ? place(path) : place(path, header, value)).is(201);

        assertThat(only().header("Idempotency-Key")).isEqualTo(key);
        assertThat(only().target()).isEqualTo("/api/v1/orders/?user_id=" + (path.contains("user_id=9") ? 9 : 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/orders/", "/wallet/top-ups"})
    void aWriteWithoutAKeyOfTheCallersIsRefusedAndAsksNobody(String path) {
        Shop.Answer answer = place(path).is(400);

        assertThat(answer.json().getString("type")).isEqualTo("urn:vitrina:problem:idempotency-key");
        assertThat(behind.orders().count() + behind.wallet().count()).isZero();
    }

    @Test
    void anOrderThatHangsHasAnUnknownOutcomeInsideTheBudget() {
        behind.orders().answer(Answer.HANGS);

        Shop.Answer answer =
                place("/api/v1/orders/", "Idempotency-Key", "k-4").is(504).within(Duration.ofSeconds(2));

        assertThat(answer.json().getString("type")).isEqualTo("urn:vitrina:problem:outcome-unknown");
        assertThat(answer.json().getString("detail")).contains("repeat with the same key");
        await().until(() -> behind.orders().cancelled() == 1);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /api/v1/orders/, 0",
        "POST, /wallet/top-ups, 1",
        "PUT, /cart/5, 2",
        "DELETE, /api/v1/orders/0193, 0",
        "PUT, /favorites/5, 3",
        "POST, /predictions/requests, 4"
    })
    void aRefusalOfTheServiceIsHandedOnAsWhatItIs(String method, String path, int service) {
        FakeService back = writable(service);
        back.answer(unavailable("", "7"));

        Shop.Answer answer = write(method, path).is(503);

        assertThat(answer.json().getString("type")).isEqualTo("urn:vitrina:problem:unavailable");
        assertThat(answer.json().getString("detail")).isEqualTo("not now");
        assertThat(answer.header("Retry-After")).isEqualTo("7");
        assertThat(back.count()).isEqualTo(4);
    }

    @Test
    void aRefusalSaysNothingOfATryBeforeIt() {
        behind.wallet().answer(request -> behind.wallet().count() == 1 ? Answer.CLOSES : unavailable("", "1"));

        Shop.Answer answer = write("POST", "/wallet/top-ups").is(504);

        assertThat(answer.json().getString("type")).isEqualTo("urn:vitrina:problem:outcome-unknown");
        assertThat(behind.wallet().count()).isEqualTo(4);
    }

    @Test
    void a503ThatMayHaveHadAnEffectIsUnknown() {
        for (Answer unsure : List.of(
                unavailable(",\"outcome\":\"unknown\"", "1"),
                // of a proxy on the way, which may have sent the request on
                Answer.of(503, Map.of("Content-Type", "text/plain"), "upstream connect error"),
                Answer.of(503, Map.of(), "{}"),
                Answer.status(500))) {
            behind.wallet().answer(unsure);
            breakers.resetAll();

            assertThat(write("POST", "/wallet/top-ups").is(504).json().getString("type"))
                    .isEqualTo("urn:vitrina:problem:outcome-unknown");
        }
    }

    @Test
    void aBodyThatDoesNotComeIsTheCallersFaultAndAsksNobody() throws Exception {
        try (Socket caller = new Socket(InetAddress.getLoopbackAddress(), base.getPort())) {
            caller.setSoTimeout(10_000);
            caller.getOutputStream()
                    .write(String.join(
                                    "\r\n",
                                    "POST /api/v1/orders/ HTTP/1.1",
                                    "Host: bff",
                                    "Content-Type: application/json",
                                    "Idempotency-Key: slow",
                                    "Content-Length: 100",
                                    "",
                                    "{\"products\":")
                            .getBytes(StandardCharsets.US_ASCII));

            String answer = new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 408 ").contains("urn:vitrina:problem:request-timeout");
        }
        assertThat(behind.orders().count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"k-9", "\"k-9\""})
    void sendsAKeyOnAsTheCallerSpelledIt(String key) {
        behind.orders().answer(Answer.of(201, Map.of(), CONFIRMED));

        place("/api/v1/orders/", "Idempotency-Key", key).is(201);

        assertThat(only().header("Idempotency-Key")).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource({
        "http://orders:8080/api/v1/orders/0193, /api/v1/orders/0193",
        "//orders/api/v1/orders/0193, /api/v1/orders/0193",
        "/api/v1/orders/0193, /api/v1/orders/0193",
        "https://orders/users/3/wallet/top-ups/1?x=http://y/, /wallet/top-ups/1?x=http://y/",
        "http://orders, /"
    })
    void placesAreOurOwnPaths(String theirs, String ours) throws Exception {
        behind.orders().answer(Answer.of(202, Map.of("Location", theirs), CONFIRMED));

        Shop.Answer answer = place("/api/v1/orders/", "Idempotency-Key", "k-10", "X-Forwarded-Prefix", "/evil");

        assertThat(answer.is(202).header("Location")).isEqualTo(ours);
    }

    private FakeService writable(int service) {
        return List.of(behind.orders(), behind.wallet(), behind.cart(), behind.favorites(), behind.predictions())
                .get(service);
    }

    private static Answer unavailable(String more, String retryAfter) {
        return Answer.of(
                503,
                Map.of("Content-Type", "application/problem+json", "Retry-After", retryAfter),
                "{\"type\":\"urn:vitrina:problem:unavailable\",\"title\":\"Unavailable\",\"status\":503,"
                        + "\"detail\":\"not now\"" + more + "}");
    }

    private Shop.Answer write(String method, String path) {
        return shop.send(
                method,
                path,
                method.equals("DELETE") ? null : "{}",
                "Content-Type",
                "application/json",
                "Idempotency-Key",
                "w-1");
    }

    @Test
    void anOrderWhoseAnswerIsLostIsSentAgainWithTheSameKey() {
        behind.orders()
                .answer(request -> behind.orders().count() < 3 ? Answer.CLOSES : Answer.of(201, Map.of(), CONFIRMED));

        place("/api/v1/orders/", "X-Request-Id", "k-5").is(201);

        assertThat(behind.orders().requests())
                .hasSize(3)
                .allSatisfy(
                        request -> assertThat(request.header("Idempotency-Key")).isEqualTo("k-5"))
                .allSatisfy(request -> assertThat(request.body()).isEqualTo(ORDER));
    }

    @Test
    void ordersThatSayThatProductsIsAwayAreHandedOnAndAreWell() {
        behind.orders()
                .answer(Answer.of(
                        503,
                        Map.of("Retry-After", "1", "Content-Type", "application/problem+json"),
                        "{\"type\":\"urn:vitrina:problem:products-unavailable\",\"status\":503,\"detail\":\"later\"}"));

        for (int i = 0; i < 25; i++) {
            Shop.Answer answer =
                    place("/api/v1/orders/", "Idempotency-Key", "k-6").is(503);
            assertThat(answer.json().getString("type")).isEqualTo("urn:vitrina:problem:products-unavailable");
            assertThat(answer.header("Retry-After")).isEqualTo("1");
        }
        assertThat(behind.orders().count()).isEqualTo(25);
    }

    @Test
    void aRefusalKeepsWhatItSaysAndTheVersion() {
        behind.orders()
                .answer(Answer.of(
                        412,
                        Map.of("ETag", "\"44\"", "Content-Type", "application/problem+json"),
                        "{\"type\":\"urn:vitrina:problem:orders-changed\",\"title\":\"Orders changed\",\"status\":412,"
                                + "\"detail\":\"look again\",\"trace_id\":\"theirs\",\"products\":[7]}"));

        Shop.Answer answer = place("/api/v1/orders/", "Idempotency-Key", "k-7", "If-Match", "\"1\"")
                .is(412);

        assertThat(answer.header("ETag")).isEqualTo("\"44\"");
        assertThat(answer.json().getString("type")).isEqualTo("urn:vitrina:problem:orders-changed");
        assertThat(answer.json().getString("title")).isEqualTo("Orders changed");
        assertThat(answer.json().getString("error")).isEqualTo("look again");
        assertThat(answer.json().getString("trace_id")).isNotEqualTo("theirs");
        assertThat(answer.json().getJsonArray("products").encode()).isEqualTo("[7]");
    }

    @Test
    void handsOnAConditionOfSeveralLinesAsOneList() {
        behind.orders().answer(Answer.of(201, Map.of(), CONFIRMED));

        place("/api/v1/orders/", "Idempotency-Key", "k-8", "If-Match", "\"1\"", "If-Match", "\"2\"")
                .is(201);
        shop.send("DELETE", "/api/v1/orders/0193", null, "If-Match", "\"3\"", "If-Match", "\"4\"")
                .is(201);

        assertThat(behind.orders().requests())
                .extracting(request -> request.header("If-Match"))
                .containsExactly("\"1\", \"2\"", "\"3\", \"4\"");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/orders, /api/v1/orders/?user_id=3",
        "/api/v1/orders/?limit=2&before=0193&user_id=7, /api/v1/orders/?limit=2&before=0193&user_id=7",
        "/api/v1/orders/0193, /api/v1/orders/0193?user_id=3",
        "/api/v1/orders/0193/?user_id=7, /api/v1/orders/0193?user_id=7",
        "/api/v1/orders/a%2F..%2Fb, /api/v1/orders/a%2F..%2Fb?user_id=3"
    })
    void handsReadsOn(String path, String target) {
        behind.orders().answer(Answer.of(200, Map.of("ETag", "\"5\""), "{\"orders\":[],\"fingerprint\":\"f\"}"));

        Shop.Answer answer = shop.get(path).is(200);

        assertThat(answer.body()).isEqualTo("{\"orders\":[],\"fingerprint\":\"f\"}");
        assertThat(answer.header("ETag")).isEqualTo("\"5\"");
        assertThat(only().target()).isEqualTo(target);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 202})
    void handsACancelOn(int status) {
        behind.orders().answer(Answer.of(status, Map.of(), CONFIRMED));

        shop.send("DELETE", "/api/v1/orders/0193/?user_id=7", null, "If-Match", "\"8\"")
                .is(status);

        assertThat(only().method()).isEqualTo("DELETE");
        assertThat(only().target()).isEqualTo("/api/v1/orders/0193/?user_id=7");
        assertThat(only().header("If-Match")).isEqualTo("\"8\"");
    }

    @Test
    void showsTheWalletAndAddsMoneyOnceAKey() {
        Shop.Answer balance = shop.get("/wallet").is(200);
        assertThat(balance.body()).isEqualTo("{\"balance\":\"10.00\",\"currency\":\"RUB\"}");
        assertThat(behind.wallet().requests().getFirst().target()).isEqualTo("/users/3/wallet");

        behind.wallet().forget();
        behind.wallet()
                .answer(request -> behind.wallet().count() < 2
                        ? Answer.status(500)
                        : Answer.of(201, Map.of(), "{\"balance\":\"15.00\"}"));
        Shop.Answer answer = shop.send(
                        "POST",
                        "/wallet/top-ups?user_id=4",
                        "{\"amount\":\"5\"}",
                        "Content-Type",
                        "application/json",
                        "Idempotency-Key",
                        "t-1")
                .is(201);

        assertThat(answer.body()).isEqualTo("{\"balance\":\"15.00\"}");
        assertThat(behind.wallet().requests())
                .hasSize(2)
                .allSatisfy(request -> assertThat(request.target()).isEqualTo("/users/4/wallet/top-ups"))
                .allSatisfy(
                        request -> assertThat(request.header("Idempotency-Key")).isEqualTo("t-1"))
                .allSatisfy(request -> assertThat(request.body()).isEqualTo("{\"amount\":\"5\"}"));
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /users/3/wallet/debits/0193",
        "PUT, /wallet/debits/0193",
        "DELETE, /wallet/debits/0193",
        "PUT, /reservations/0193",
        "POST, /reservations/0193/commit"
    })
    void hasNoWayToADebitOrAReservation(String method, String path) {
        shop.send(method, path, "{}", "Content-Type", "application/json").is(404);

        assertThat(behind.wallet().count() + behind.inventory().count()).isZero();
    }

    @Test
    void showsNotificationsPageByPage() {
        behind.notifications()
                .answer(Answer.of(
                        200,
                        Map.of("Link", "<http://n/users/3/notifications?limit=1&user_id=3&before=9>; rel=\"next\""),
                        "[]"));

        Shop.Answer answer =
                shop.get("/notifications?limit=1&user_id=3&before=4").is(200);

        assertThat(answer.body()).isEqualTo("[]");
        assertThat(behind.notifications().requests().getFirst().target())
                .isEqualTo("/users/3/notifications?limit=1&user_id=3&before=4");
        assertThat(answer.header("Link")).isEqualTo("</notifications?limit=1&user_id=3&before=9>; rel=\"next\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/orders/?user_id=7&user%255Fid=3",
                "/api/v1/orders/?user%255Fid=3&user_id=7&request_id=k",
                "/api/v1/orders/?user_id=7&User_id=3&x[user_id]=3"
            })
    void asksAServiceWithTheParametersThatItKnows(String path) {
        behind.orders().answer(Answer.json("{\"orders\":[]}"));

        shop.get(path.replace("[", "%5B").replace("]", "%5D")).is(200);

        assertThat(only().target()).isEqualTo("/api/v1/orders/?user_id=7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/orders/?user_id=1&user%5Fid=3",
                "/api/v1/orders/?user_id=1&user_id=3",
                "/products/all?limit=1&limit=2",
                "/wallet?user_id=1&us%65r_id=3"
            })
    void aParameterThatIsThereTwiceIsNobodys(String path) {
        Shop.Answer answer = shop.get(path).is(400);

        assertThat(answer.json().getString("detail")).contains("more than once");
        assertThat(behind.orders().count() + behind.wallet().count()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "/predictions/product/7, /predictions/product/7",
        "/predictions/product/7/?date=2021-03-01&user_id=4, /predictions/product/7?date=2021-03-01",
        "/predictions/category/2?limit=1&after=9, /predictions/category/2?limit=1&after=9",
        "/predictions/requests/0193a5a4-7c1e-7d3a-8f00-5b7a0c9d1e2f/, "
                + "/predictions/requests/0193a5a4-7c1e-7d3a-8f00-5b7a0c9d1e2f"
    })
    void handsReadsOfPredictionsOn(String path, String target) {
        behind.predictions()
                .answer(Answer.of(
                        200,
                        Map.of(
                                "ETag", "\"5\"",
                                "Cache-Control", "public, max-age=5, stale-if-error=600",
                                "Age", "12",
                                "Cache-Status", "predictions; hit; detail=stale",
                                "Link", "</predictions/category/2?limit=1&after=10>; rel=\"next\""),
                        "{}"));

        Shop.Answer answer = shop.get(path, "If-None-Match", "\"4\"").is(200);

        assertThat(answer.header("ETag")).isEqualTo("\"5\"");
        assertThat(answer.header("Age")).isEqualTo("12");
        assertThat(answer.header("Cache-Control"))
                .isEqualTo(path.contains("/requests/") ? "private, no-store" : "public, max-age=5, stale-if-error=600");
        assertThat(answer.header("Cache-Status")).isEqualTo("predictions; hit; detail=stale");
        assertThat(answer.header("Link")).isEqualTo("</predictions/category/2?limit=1&after=10>; rel=\"next\"");
        Request request = behind.predictions().requests().getFirst();
        assertThat(request.target()).isEqualTo(target);
        if (path.contains("/product/")) {
            assertThat(request.header("If-None-Match")).isEqualTo("\"4\"");
        }
    }

    @Test
    void aPredictionThatTheCallerHasIs304() {
        behind.predictions()
                .answer(request -> "\"4\", \"5\"".equals(request.header("If-None-Match"))
                        ? Answer.of(304, Map.of("ETag", "\"5\"", "Cache-Control", "public, max-age=5"), "")
                        : Answer.status(500));

        Shop.Answer answer = shop.get("/predictions/product/7", "If-None-Match", "\"4\"", "If-None-Match", "\"5\"")
                .is(304);

        assertThat(answer.body()).isEmpty();
        assertThat(answer.header("ETag")).isEqualTo("\"5\"");
        assertThat(answer.header("Cache-Control")).isEqualTo("public, max-age=5");
    }

    @Test
    void asksForAPredictionAgainWithTheCallersKeyOnly() {
        behind.predictions()
                .answer(request -> behind.predictions().count() < 2
                        ? Answer.CLOSES
                        : Answer.of(202, Map.of("Location", "/predictions/requests/1"), "{}"));

        Shop.Answer answer = askPrediction("Idempotency-Key", "p-1").is(202);

        assertThat(answer.header("Location")).isEqualTo("/predictions/requests/1");
        assertThat(answer.header("Cache-Control")).isEqualTo("private, no-store");
        assertThat(behind.predictions().requests())
                .hasSize(2)
                .allSatisfy(
                        request -> assertThat(request.header("Idempotency-Key")).isEqualTo("p-1"))
                .allSatisfy(request -> assertThat(request.body()).isEqualTo("{\"features\":[]}"));

        behind.predictions().forget();
        behind.predictions().answer(Answer.CLOSES);
        assertThat(askPrediction().status()).isGreaterThanOrEqualTo(500);
        assertThat(behind.predictions().count()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE, /predictions/product/7",
        "POST, /predictions/product/7",
        "POST, /users/3/score/2021-03",
        "PATCH, /parameters/classifier/1"
    })
    void hasNoWayToWhatOnlyOthersMayChange(String method, String path) {
        assertThat(shop.send(method, path, "{}", "Content-Type", "application/json")
                        .status())
                .isIn(404, 405);

        assertThat(behind.predictions().count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/predictions/product/x", "/predictions/category/0", "/predictions/requests/7"})
    void refusesAnIdOfAPredictionThatIsNone(String path) {
        shop.get(path).is(400);

        assertThat(behind.predictions().count()).isZero();
    }

    private Shop.Answer askPrediction(String... headers) {
        String[] all = new String[headers.length + 2];
        all[0] = "Content-Type";
        all[1] = "application/json";
        System.arraycopy(headers, 0, all, 2, headers.length);
        return shop.send("POST", "/predictions/requests/", "{\"features\":[]}", all);
    }

    @Test
    void showsTheStatesOfAnOrderAsTheyCome() {
        behind.orders()
                .answer(request -> request.target().contains("/events")
                        ? Answer.of(
                                200,
                                Map.of("Content-Type", "text/event-stream"),
                                """
                                : beat

                                id: 4
                                event: order
                                data: {"status":"pending"}

                                id: 5
                                event: order
                                data: {"status":"confirmed"}

                                """)
                        : Answer.json(CONFIRMED));

        Shop.Answer answer = shop.get(
                        "/api/v1/orders/0193/events?user_id=7", "Accept", "text/event-stream", "Last-Event-ID", "3")
                .is(200);

        assertThat(answer.header("Content-Type")).startsWith("text/event-stream");
        assertThat(answer.body())
                .containsSubsequence("id:5\n", "retry:1000\n")
                .contains("event:order\n")
                .contains("data:{\"status\":\"confirmed\"}\n");
        Request request = behind.orders().requests().getLast();
        assertThat(request.target()).isEqualTo("/api/v1/orders/0193/events?user_id=7");
        assertThat(request.header("Accept")).isEqualTo("text/event-stream");
        assertThat(request.header("Last-Event-ID")).isEqualTo("3");
    }

    @ParameterizedTest
    @CsvSource({
        "/predictions/requests/0193a5a4-7c1e-7d3a-8f00-5b7a0c9d1e2f/events",
        "/predictions/requests/events?client=0193a5a4-7c1e-7d3a-8f00-5b7a0c9d1e2f"
    })
    void showsPredictionsAsTheyCome(String path) {
        behind.predictions()
                .answer(request -> request.target().contains("/events")
                        ? Answer.of(
                                200,
                                Map.of("Content-Type", "text/event-stream"),
                                "id: 2\nevent: request.done\ndata: {\"value\":151.5}\n\n")
                        : Answer.json("{\"status\":\"pending\"}"));

        Shop.Answer answer = shop.get(path, "Accept", "text/event-stream", "Last-Event-ID", "1")
                .is(200);

        assertThat(answer.body())
                .containsSubsequence("event:request.done\n", "retry:1000\n")
                .contains("id:2\n", "data:{\"value\":151.5}\n");
        Request request = behind.predictions().requests().getLast();
        assertThat(request.target()).isEqualTo(path);
        assertThat(request.header("Last-Event-ID")).isEqualTo("1");
    }

    @Test
    void streamsNoPredictionThatNobodyAskedFor() {
        behind.predictions().answer(Answer.status(404));

        shop.get("/predictions/requests/0193a5a4-7c1e-7d3a-8f00-5b7a0c9d1e2f/events", "Accept", "text/event-stream")
                .is(404);
        assertThat(behind.predictions().count()).isEqualTo(1);
        shop.get("/predictions/requests/7/events", "Accept", "text/event-stream")
                .is(400);
        shop.get("/predictions/requests/events", "Accept", "text/event-stream").is(400);
        assertThat(behind.predictions().count()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "/predictions/score?user_id=7&date=2021-03-01&x=1, /users/7/score?date=2021-03-01",
        "/predictions/score, /users/3/score",
        "/predictions/parameters/classifier/3, /parameters/classifier/3"
    })
    void readsScoresAndParameters(String path, String behindIt) {
        behind.predictions().answer(Answer.of(200, Map.of("ETag", "\"5\""), "{\"L1\":0.99}"));

        Shop.Answer answer = shop.get(path).is(200);

        assertThat(answer.body()).isEqualTo("{\"L1\":0.99}");
        assertThat(answer.header("ETag")).isEqualTo("\"5\"");
        assertThat(behind.predictions().requests().getLast().target()).isEqualTo(behindIt);
    }

    @Test
    void theStatesOfAnUnknownOrderAreAProblem() {
        behind.orders().answer(Answer.status(404));

        Shop.Answer answer = shop.get("/api/v1/orders/0193/events", "Accept", "text/event-stream")
                .is(404);

        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(behind.orders().count()).isEqualTo(1);
    }

    @Test
    void aReaderWhoLeavesEndsTheStreamBehind() throws Exception {
        behind.orders().answer(request -> request.target().contains("/events") ? Answer.HANGS : Answer.json(CONFIRMED));

        try (LogLines log = new LogLines()) {
            try (Socket caller = shop.ask("/api/v1/orders/0193/events", "Accept: text/event-stream")) {
                await().until(() -> behind.orders().count() == 2);
                assertThat(behind.orders().cancelled()).isZero();
                caller.shutdownOutput();
            }

            await().until(() -> behind.orders().cancelled() == 1);
            assertThat(log.errors()).isEmpty();
        }
    }

    @Test
    void aStreamBehindFromWhichNothingComesIsEndedAndItsReaderTold() {
        behind.orders().answer(request -> request.target().contains("/events") ? Answer.HANGS : Answer.json(CONFIRMED));

        try (LogLines log = new LogLines()) {
            Shop.Answer answer = shop.get("/api/v1/orders/0193/events", "Accept", "text/event-stream")
                    .is(200)
                    .notBefore(Duration.ofSeconds(2));

            assertThat(answer.body()).contains("retry:1000\n");
            await().until(() -> behind.orders().cancelled() == 1);
            assertThat(log.errors()).isEmpty();
        }
    }

    private Shop.Answer place(String path, String... headers) {
        String[] all = new String[headers.length + 2];
        all[0] = "Content-Type";
        all[1] = "application/json";
        System.arraycopy(headers, 0, all, 2, headers.length);
        return shop.send("POST", path, ORDER, all);
    }

    private Request only() {
        assertThat(behind.orders().requests()).hasSize(1);
        return behind.orders().requests().getFirst();
    }
}
