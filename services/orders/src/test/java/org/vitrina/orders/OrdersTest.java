package org.vitrina.orders;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.PostgresResource;
import org.vitrina.testing.Race;

/** What a buyer can do while all is well, and what is refused. Each test has a buyer of its own. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "orders"))
@WithTestResource(Shop.class)
class OrdersTest extends OrdersSuite {
    @Test
    void buysOnce() {
        Buyer buyer = Buyer.in(shop);

        Response answer = buyer.buyWithin(Buyer.LONG, Buyer.key(), 2);

        String id = answer.jsonPath().getString("order_id");
        answer.then()
                .statusCode(201)
                .header("Location", "/api/v1/orders/" + id)
                .header("ETag", "\"2\"")
                .header("Idempotent-Replayed", nullValue())
                .header("Cache-Control", "private, no-store")
                .body("order_id", matchesPattern(V7))
                .body("status", equalTo("confirmed"))
                .body("products", equalTo(List.of(Map.of("id", buyer.product, "price", "10.00", "quantity", 2))))
                .body("total", equalTo("20.00"))
                .body("shipping_to", equalTo("Тула, ул. Оружейная, 1"))
                .body("created_at", matchesPattern("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z"))
                .body("sequence", equalTo(1))
                .body("reason", nullValue());
        buyer.assertSpent("20.00", 2);
        buyer.get(id).then().statusCode(200).header("ETag", "\"2\"").body("status", equalTo("confirmed"));
    }

    @Test
    void theReservationIsMadeFinalOnce() {
        Buyer buyer = Buyer.in(shop);
        String order = buyer.bought(1);

        await().untilAsserted(() -> assertThat(shop.inventory.completed).containsEntry(order, 1));
    }

    @Test
    void aRepetitionIsTheSameOrder() {
        Buyer buyer = Buyer.in(shop);
        String key = Buyer.key();
        Response first = buyer.buyWithin(Buyer.LONG, key, 1);

        Response again = buyer.buyWithin(Buyer.LONG, key, 1);

        again.then().statusCode(201).header("Idempotent-Replayed", "true").header("ETag", "\"2\"");
        assertThat(again.asString()).isEqualTo(first.asString());
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        buyer.assertSpent("10.00", 1);
        assertThat(buyer.orders()).isEqualTo(1);
    }

    @Test
    void aRepetitionFindsTheOrderThatAnEarlierReleaseKeptUnderTheQuotedKey() {
        Buyer buyer = Buyer.in(shop);
        String key = Buyer.key();
        String order = Database.abandoned(buyer, quoted(key), 1);
        buyer.awaitStatus(order, "confirmed");

        for (String spelling : List.of(quoted(key), key)) {
            buyer.buyWithin(Buyer.LONG, spelling, 1)
                    .then()
                    .statusCode(201)
                    .header("Idempotent-Replayed", "true")
                    .body("order_id", equalTo(order));
            problem(buyer.buyWithin(Buyer.LONG, spelling, 2), 422, "idempotency-key-reused");
        }

        buyer.assertSpent("10.00", 1);
        assertThat(buyer.orders()).isEqualTo(1);
    }

    private static String quoted(String key) {
        return '"' + key + '"';
    }

    @Test
    void aRepetitionNeedsNeitherProductsNorAFittingCondition() {
        Buyer buyer = Buyer.in(shop);
        String key = Buyer.key();
        buyer.buyWithin(Buyer.LONG, key, 1).then().statusCode(201);
        shop.products.fault = Shop.AWAY;

        buyer.request()
                .header("Idempotency-Key", key)
                .header("If-Match", "\"0\"")
                .body(buyer.body(1))
                .post("/api/v1/orders/")
                .then()
                .statusCode(201)
                .header("Idempotent-Replayed", "true");
    }

    @Test
    void theSameOrderWrittenOtherwiseIsTheSame() {
        Buyer buyer = Buyer.in(shop);
        int other = buyer.product + 1_000_000;
        shop.products.prices.put(other, "5.00");
        shop.inventory.fill(other, 10);
        String key = Buyer.key();
        send(
                        buyer,
                        key,
                        "{\"products\":[{\"id\":%d,\"price\":\"10\",\"quantity\":3},{\"id\":%d,\"price\":5.0}],\"shipping_to\":\"x\"}"
                                .formatted(buyer.product, other))
                .then()
                .statusCode(201)
                .body("total", equalTo("35.00"))
                .body("products.quantity", equalTo(List.of(3, 1)));

        send(
                        buyer,
                        key,
                        "{ \"unknown\": 1, \"shipping_to\":\"x\", \"phone\":null, \"products\":[{\"quantity\":1,\"price\":\"5.00\",\"id\":%d},{\"id\":%d,\"price\":10.00,\"quantity\":1},{\"id\":%d,\"price\":\"10.0\",\"quantity\":2}]}"
                                .formatted(other, buyer.product, buyer.product))
                .then()
                .statusCode(201)
                .header("Idempotent-Replayed", "true");
        buyer.assertSpent("35.00", 3);
    }

    @Test
    void aKeyStandsForOneBody() {
        Buyer buyer = Buyer.in(shop);
        String key = Buyer.key();
        buyer.buyWithin(Buyer.LONG, key, 1).then().statusCode(201);

        problem(buyer.buyWithin(Buyer.LONG, key, 2), 422, "idempotency-key-reused");
        buyer.assertSpent("10.00", 1);
    }

    @Test
    void aKeyIsItsUsersOwn() {
        Buyer one = Buyer.in(shop);
        Buyer other = Buyer.in(shop);
        String key = Buyer.key();
        one.buyWithin(Buyer.LONG, key, 1).then().statusCode(201);
        other.buyWithin(Buyer.LONG, key, 1).then().statusCode(201).header("Idempotent-Replayed", nullValue());
        other.assertSpent("10.00", 1);
    }

    @Test
    void theHeaderComesBeforeTheParameterAndThatBeforeTheRequestId() {
        Buyer buyer = Buyer.in(shop);
        String header = Buyer.key();
        String parameter = Buyer.key();
        String requestId = Buyer.key();
        keyed(buyer, header, parameter, requestId).then().statusCode(201).header("Idempotent-Replayed", nullValue());
        keyed(buyer, header, Buyer.key(), Buyer.key()).then().header("Idempotent-Replayed", "true");
        keyed(buyer, null, parameter, requestId).then().statusCode(201).header("Idempotent-Replayed", nullValue());
        keyed(buyer, null, parameter, Buyer.key()).then().header("Idempotent-Replayed", "true");
        keyed(buyer, null, null, requestId).then().statusCode(201).header("Idempotent-Replayed", nullValue());
        keyed(buyer, null, null, requestId).then().header("Idempotent-Replayed", "true");
        buyer.assertSpent("30.00", 3);
    }

    @Test
    void aKeyHas1To255VisibleAsciiCharactersWhereverItStands() {
        Buyer buyer = Buyer.in(shop);
        String longest = "!~" + "k".repeat(253);
        keyed(buyer, longest, null, null).then().statusCode(201).header("Idempotent-Replayed", nullValue());
        keyed(buyer, null, longest, null).then().statusCode(201).header("Idempotent-Replayed", "true");
        keyed(buyer, null, null, longest).then().statusCode(201).header("Idempotent-Replayed", "true");
        keyed(buyer, null, "!", null).then().statusCode(201).header("Idempotent-Replayed", nullValue());

        for (String none : List.of("k".repeat(256), "two words", "")) {
            problem(keyed(buyer, none, null, null), 400, "idempotency-key");
            problem(keyed(buyer, null, none, null), 400, "idempotency-key");
            problem(keyed(buyer, null, null, none), 400, "idempotency-key");
        }
        for (String none : List.of("ключ", "k\u007f", "k\u0000")) {
            problem(keyed(buyer, null, none, "good"), 400, "idempotency-key");
        }
        problem(
                buyer.request()
                        .header("Idempotency-Key", "one")
                        .header("Idempotency-Key", "two")
                        .body(buyer.body(1))
                        .post("/api/v1/orders/"),
                400,
                "idempotency-key");
        buyer.assertSpent("20.00", 2);
    }

    @Test
    void theKeyIsLookedAtBeforeTheVersionAndTheVersionBeforeThePrices() {
        Buyer buyer = Buyer.in(shop);
        String key = Buyer.key();
        buyer.buyWithin(Buyer.LONG, key, 1).then().statusCode(201);
        shop.products.fault = Shop.AWAY;

        problem(conditional(buyer, key, "\"0\"", 2), 422, "idempotency-key-reused");
        String other = Buyer.key();
        problem(conditional(buyer, other, "\"0\"", 1), 412, "orders-changed");
        problem(conditional(buyer, other, "\"2\"", 1), 503, "products-unavailable");

        shop.heal();
        // neither answer has kept the key, and the first key is still what it was
        conditional(buyer, other, "\"2\"", 2)
                .then()
                .statusCode(201)
                .header("ETag", "\"4\"")
                .header("Idempotent-Replayed", nullValue());
        buyer.buyWithin(Buyer.LONG, key, 1).then().statusCode(201).header("Idempotent-Replayed", "true");
        buyer.assertSpent("30.00", 3);
    }

    @Test
    void withoutAKeyOfTheCallersNothingIsBought() {
        Buyer buyer = Buyer.in(shop);
        problem(buyer.request().body(buyer.body(1)).post("/api/v1/orders/"), 400, "idempotency-key");
        problem(keyed(buyer, "k".repeat(256), null, null), 400, "idempotency-key");
        problem(keyed(buyer, "two words", null, "good"), 400, "idempotency-key");
        // not visible ASCII: our own id takes its place, and that is no key
        problem(keyed(buyer, null, null, "two words"), 400, "idempotency-key");
        buyer.assertSpent("0.00", 0);
        keyed(buyer, "k".repeat(255), null, null).then().statusCode(201);
    }

    @RepeatedTest(3)
    void equalClicksAtOnceAreOneOrder() {
        Buyer buyer = Buyer.in(shop);
        String key = Buyer.key();

        // a quoted key and the bare one are one
        var answers = Race.of(32, i -> buyer.buyWithin(Buyer.LONG, i % 2 == 0 ? key : quoted(key), 1));

        assertThat(answers).extracting(Response::statusCode).containsOnly(201);
        assertThat(answers)
                .extracting(answer -> answer.jsonPath().getString("order_id"))
                .containsOnly(answers.getFirst().jsonPath().getString("order_id"));
        assertThat(answers)
                .filteredOn(answer -> answer.header("Idempotent-Replayed") == null)
                .hasSize(1);
        buyer.assertSpent("10.00", 1);
        assertThat(buyer.orders()).isEqualTo(1);
    }

    @RepeatedTest(5)
    void ofWritersWithOneVersionOneWins() {
        Buyer buyer = Buyer.in(shop);
        String etag = buyer.etag();

        var answers = Race.of(8, i -> buyer.request()
                .header("Idempotency-Key", Buyer.key())
                .header("If-Match", etag)
                .body(buyer.body(1))
                .post("/api/v1/orders/"));

        assertThat(answers).extracting(Response::statusCode).containsOnly(201, 412);
        assertThat(answers).filteredOn(answer -> answer.statusCode() == 201).hasSize(1);
        buyer.assertSpent("10.00", 1);
    }

    @RepeatedTest(3)
    void ofAHundredBuyersOfTheLastTenItemsTenWin() {
        Buyer seller = new Buyer(shop, "0.00", 10);
        var buyers = new ArrayList<Buyer>();
        for (int i = 0; i < 100; i++) {
            buyers.add(Buyer.in(shop));
        }
        String body = seller.body(1);

        var answers = Race.of(buyers.size(), i -> {
            String key = Buyer.key();
            Response answer = send(buyers.get(i), key, body);
            // too many at once for a loaded machine
            while (answer.statusCode() == 503) {
                answer = send(buyers.get(i), key, body);
            }
            return answer;
        });

        assertThat(answers).extracting(Response::statusCode).containsOnly(201, 409);
        assertThat(answers).filteredOn(answer -> answer.statusCode() == 201).hasSize(10);
        assertThat(shop.inventory.level(seller.product)).isZero();
        for (int i = 0; i < buyers.size(); i++) {
            assertThat(shop.wallet.balance(buyers.get(i).user))
                    .isEqualTo(answers.get(i).statusCode() == 201 ? "90.00" : "100.00");
        }
    }

    @RepeatedTest(3)
    void aWalletIsNeverDrainedBelowZero() {
        Buyer buyer = new Buyer(shop, "45.00", 100);

        var answers = Race.of(12, i -> buyer.buyWithin(Buyer.LONG, Buyer.key(), 1));

        assertThat(answers).extracting(Response::statusCode).containsOnly(201, 402);
        assertThat(answers).filteredOn(answer -> answer.statusCode() == 201).hasSize(4);
        assertThat(shop.wallet.balance(buyer.user)).isEqualTo("5.00");
        assertThat(shop.inventory.level(buyer.product)).isEqualTo(96);
    }

    @Test
    void acceptsPathsWithAndWithoutTrailingSlash() {
        Buyer buyer = Buyer.in(shop);
        String order = buyer.request()
                .header("Idempotency-Key", Buyer.key())
                .body(buyer.body(1))
                .post("/api/v1/orders")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath()
                .getString("order_id");
        buyer.request().get("/api/v1/orders").then().statusCode(200);
        buyer.request().get("/api/v1/orders/" + order + "/").then().statusCode(200);
        buyer.request().delete("/api/v1/orders/" + order).then().statusCode(200);
    }

    @Test
    void theAuditFindsNothingWrong() {
        Buyer buyer = Buyer.in(shop);
        buyer.bought(1);
        buyer.cancelled(buyer.bought(1));

        given().get("/ops/audit")
                .then()
                .statusCode(200)
                .body("consistent", equalTo(true))
                .body("findings", hasSize(0))
                .body("orders.find { it.status == 'confirmed' }.count", notNullValue());
    }

    @Test
    void anEventThatWasSentIsAskedAboutUntilItIsTaken() {
        String order = Buyer.in(shop).bought(1);
        String event = Database.text(
                "SELECT event_id::text FROM outbox WHERE ordering_key = ? AND routing_key = 'order.confirmed'", order);
        shop.notifications.untaken.add(event);
        // as the relay does once the broker has confirmed them
        Database.execute("DELETE FROM outbox WHERE ordering_key = ?", order);
        assertThat(Database.text("SELECT string_agg(type, ' ') FROM sent_event WHERE order_id = ?", order))
                .isEqualTo("order.confirmed");
        Database.execute("UPDATE sent_event SET sent_at = now() - INTERVAL '11 minutes' WHERE order_id = ?", order);

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> given().get("/ops/audit")
                .then()
                .body("consistent", equalTo(false))
                .body("findings.find { it.kind == 'event-untaken' }.sample", equalTo(order)));

        shop.notifications.untaken.remove(event);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> given().get("/ops/audit").then().body("consistent", equalTo(true)));
    }

    private static Response keyed(
            Buyer buyer, @Nullable String header, @Nullable String parameter, @Nullable String requestId) {
        var request = buyer.request().body(buyer.body(1));
        if (header != null) {
            request.header("Idempotency-Key", header);
        }
        if (parameter != null) {
            request.queryParam("request_id", parameter);
        }
        if (requestId != null) {
            request.header("X-Request-Id", requestId);
        }
        return request.post("/api/v1/orders/");
    }
}
