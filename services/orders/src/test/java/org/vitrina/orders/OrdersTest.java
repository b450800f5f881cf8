package org.vitrina.orders;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.PostgresResource;
import org.vitrina.testing.Race;
import org.vitrina.testing.http.Answer;

/** What a buyer can do while all is well, and what is refused. Each test has a buyer of its own. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "orders"))
@WithTestResource(Shop.class)
@SuppressWarnings("NullAway.Init") // set by the test resource
class OrdersTest {
    private static final String V7 = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

    Shop.Services shop;

    @AfterEach
    void heal() {
        shop.heal();
    }

    @Test
    void buysOnce() {
        Buyer buyer = Buyer.in(shop);

        Response answer = buyer.buy(Buyer.key(), 2);

        String id = answer.jsonPath().getString("order_id");
        answer.then()
                .statusCode(201)
                .header("Location", endsWith("/api/v1/orders/" + id))
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
        Response first = buyer.buy(key, 1);

        Response again = buyer.buy(key, 1);

        again.then().statusCode(201).header("Idempotent-Replayed", "true").header("ETag", "\"2\"");
        assertThat(again.asString()).isEqualTo(first.asString());
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        buyer.assertSpent("10.00", 1);
        assertThat(buyer.orders()).isEqualTo(1);
    }

    @Test
    void aRepetitionNeedsNeitherProductsNorAFittingCondition() {
        Buyer buyer = Buyer.in(shop);
        String key = Buyer.key();
        buyer.buy(key, 1).then().statusCode(201);
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
        buyer.buy(key, 1).then().statusCode(201);

        problem(buyer.buy(key, 2), 422, "idempotency-key-reused");
        buyer.assertSpent("10.00", 1);
    }

    @Test
    void aKeyIsItsUsersOwn() {
        Buyer one = Buyer.in(shop);
        Buyer other = Buyer.in(shop);
        String key = Buyer.key();
        one.buy(key, 1).then().statusCode(201);
        other.buy(key, 1).then().statusCode(201).header("Idempotent-Replayed", nullValue());
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
        buyer.buy(key, 1).then().statusCode(201);
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
        buyer.buy(key, 1).then().statusCode(201).header("Idempotent-Replayed", "true");
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

        var answers = Race.of(32, i -> buyer.buy(key, 1));

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

        var answers = Race.of(12, i -> buyer.buy(Buyer.key(), 1));

        assertThat(answers).extracting(Response::statusCode).containsOnly(201, 402);
        assertThat(answers).filteredOn(answer -> answer.statusCode() == 201).hasSize(4);
        assertThat(shop.wallet.balance(buyer.user)).isEqualTo("5.00");
        assertThat(shop.inventory.level(buyer.product)).isEqualTo(96);
    }

    @Test
    void notEnoughMoneyIs402AndNothingIsTakenAndTheKeyIsFree() {
        Buyer buyer = Buyer.in(shop);
        shop.products.prices.put(buyer.product, "60.00");
        String key = Buyer.key();
        String body = buyer.body(2).replace("10.00", "60.00");

        Response refused = send(buyer, key, body);

        problem(refused, 402, "insufficient-funds");
        refused.then().header("ETag", "\"2\"").body("order_id", matchesPattern(V7));
        buyer.assertSpent("0.00", 0);
        buyer.list()
                .then()
                .body("orders", hasSize(1))
                .body("orders[0].status", equalTo("rejected"))
                .body("orders[0].reason", equalTo("insufficient-funds"));

        shop.wallet.fill(buyer.user, "20.00");
        send(buyer, key, body).then().statusCode(201).header("Idempotent-Replayed", nullValue());
        assertThat(shop.wallet.balance(buyer.user)).isEqualTo("0.00");
        assertThat(buyer.orders()).isEqualTo(2);
    }

    @Test
    void notEnoughStockIs409AndNothingIsTakenAndTheKeyIsFree() {
        Buyer buyer = Buyer.in(shop);
        shop.inventory.fill(buyer.product, 1);
        String key = Buyer.key();

        Response refused = buyer.buy(key, 2);

        problem(refused, 409, "out-of-stock");
        refused.then()
                .body("product_ids", equalTo(List.of(buyer.product)))
                .body("detail", containsString("product " + buyer.product));
        assertThat(shop.wallet.balance(buyer.user)).isEqualTo("100.00");
        assertThat(shop.inventory.level(buyer.product)).isEqualTo(1);

        shop.inventory.fill(buyer.product, 2);
        buyer.buy(key, 2).then().statusCode(201);
    }

    @Test
    void anotherPriceIs409AndTheKeyIsFree() {
        Buyer buyer = Buyer.in(shop);
        shop.products.prices.put(buyer.product, "10.01");
        String key = Buyer.key();

        Response refused = buyer.buy(key, 1);

        problem(refused, 409, "price-changed");
        refused.then().body("products", equalTo(List.of(Map.of("id", buyer.product, "price", "10.01"))));
        assertThat(buyer.orders()).isZero();
        assertThat(buyer.etag()).isEqualTo("\"0\"");
        shop.products.prices.put(buyer.product, "10.00");
        buyer.buy(key, 1).then().statusCode(201);
    }

    @Test
    void anUnknownProductIs409AndTheKeyIsFree() {
        Buyer buyer = Buyer.in(shop);
        shop.products.prices.remove(buyer.product);
        String key = Buyer.key();

        Response refused = buyer.buy(key, 1);

        problem(refused, 409, "unknown-product");
        refused.then().body("product_ids", equalTo(List.of(buyer.product)));
        shop.products.prices.put(buyer.product, "10.00");
        buyer.buy(key, 1).then().statusCode(201);
    }

    @Test
    void productsAwayIs503AndTheKeyIsFree() {
        Buyer buyer = Buyer.in(shop);
        String key = Buyer.key();
        for (Shop.Fault fault :
                List.of(Shop.AWAY, Shop.FAILS, (request, carryOut) -> Answer.json("{\"no\":\"list\"}"))) {
            shop.products.fault = fault;
            Response refused = buyer.buy(key, 1);
            problem(refused, 503, "products-unavailable");
            refused.then().header("Retry-After", notNullValue());
        }
        shop.heal();
        buyer.buy(key, 1).then().statusCode(201).header("Idempotent-Replayed", nullValue());
    }

    @Test
    void productsThatHangAre503WithinTheDeadline() {
        Buyer buyer = Buyer.in(shop);
        shop.products.fault = Shop.HANGS;

        problem(buyer.buyWithin(700, Buyer.key(), 1), 503, "products-unavailable");
        assertThat(buyer.orders()).isZero();
    }

    @Test
    void theCollectionHasOneVersionForAllAndOneFingerprint() {
        Buyer buyer = Buyer.in(shop);
        String none =
                buyer.list().then().header("ETag", "\"0\"").extract().jsonPath().getString("fingerprint");
        var prints = new HashSet<>(List.of(none));
        String first = buyer.bought(1);
        prints.add(
                buyer.list().then().header("ETag", "\"2\"").extract().jsonPath().getString("fingerprint"));
        buyer.bought(1);
        prints.add(
                buyer.list().then().header("ETag", "\"4\"").extract().jsonPath().getString("fingerprint"));
        buyer.cancel(first).then().statusCode(200).header("ETag", "\"6\"");
        prints.add(
                buyer.list().then().header("ETag", "\"6\"").extract().jsonPath().getString("fingerprint"));

        assertThat(prints).hasSize(4).allMatch(print -> print.matches("[0-9a-f]{32}"));
        buyer.list().then().header("ETag", "\"6\"");
        buyer.get(first).then().header("ETag", "\"6\"");
    }

    @Test
    void anotherVersionThanTheCallersIs412AndNothingIsDone() {
        Buyer buyer = Buyer.in(shop);
        String stale = buyer.list().jsonPath().getString("fingerprint");
        buyer.bought(1);
        for (String condition : List.of("\"0\"", "1", "W/\"2\"", "\"" + stale + "\"", stale, "\"3\", \"1\"")) {
            Response refused = conditional(buyer, condition);
            problem(refused, 412, "orders-changed");
            refused.then().header("ETag", "\"2\"");
        }
        buyer.assertSpent("10.00", 1);
    }

    @Test
    void theCallersVersionIsTakenInEveryForm() {
        Buyer buyer = Buyer.in(shop);
        conditional(buyer, "\"0\"").then().statusCode(201).header("ETag", "\"2\"");
        conditional(buyer, "2").then().statusCode(201);
        conditional(buyer, "\"9\", \"4\"").then().statusCode(201);
        String print = buyer.list().jsonPath().getString("fingerprint");
        conditional(buyer, "\"" + print + "\"").then().statusCode(201);
        conditional(buyer, buyer.list().jsonPath().getString("fingerprint"))
                .then()
                .statusCode(201);
        conditional(buyer, "*").then().statusCode(201).header("ETag", "\"12\"");
        // several lines of the header are one list
        buyer.request()
                .header("Idempotency-Key", Buyer.key())
                .header("If-Match", "W/\"12\"")
                .header("If-Match", "\"12\"")
                .body(buyer.body(1))
                .post("/api/v1/orders/")
                .then()
                .statusCode(201)
                .header("ETag", "\"14\"");
    }

    @Test
    void listsNewestFirstPageByPage() {
        Buyer buyer = Buyer.in(shop);
        var ids = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            ids.addFirst(buyer.bought(1));
        }
        assertThat(buyer.list().jsonPath().getList("orders.order_id")).isEqualTo(ids);
        assertThat(buyer.list().jsonPath().getList("orders.sequence")).isEqualTo(List.of(5, 4, 3, 2, 1));

        Response first = buyer.request().get("/api/v1/orders/?limit=2");
        assertThat(first.jsonPath().getList("orders.order_id")).isEqualTo(ids.subList(0, 2));
        assertThat(first.header("Link"))
                .startsWith("</api/v1/orders")
                .contains("before=" + ids.get(1))
                .contains("limit=2")
                .endsWith("; rel=\"next\"");
        // an order that comes meanwhile disturbs nothing
        buyer.bought(1);
        Response second = buyer.request().get("/api/v1/orders/?limit=2&before=" + ids.get(1));
        assertThat(second.jsonPath().getList("orders.order_id")).isEqualTo(ids.subList(2, 4));
        Response last = buyer.request().get("/api/v1/orders/?limit=2&before=" + ids.get(3));
        assertThat(last.jsonPath().getList("orders.order_id")).isEqualTo(ids.subList(4, 5));
        assertThat(last.header("Link")).isNull();
        assertThat(last.header("ETag")).isEqualTo("\"12\"");
        assertThat(last.jsonPath().getString("fingerprint"))
                .isEqualTo(buyer.list().jsonPath().getString("fingerprint"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"limit=0", "limit=101", "limit=x", "before=1", "before=" + "00000000-0000-7000-8000-000000000000"
            })
    void refusesAPageThatIsNone(String query) {
        problem(given().get("/api/v1/orders/?" + query), 400, "bad-request");
    }

    @Test
    void anOrderIsItsBuyersAlone() {
        Buyer buyer = Buyer.in(shop);
        Buyer other = Buyer.in(shop);
        String order = buyer.bought(1);

        problem(other.get(order), 404, "not-found");
        problem(
                other.request().accept("text/event-stream").get("/api/v1/orders/" + order + "/events"),
                404,
                "not-found");
        problem(other.cancel(order), 400, "bad-request");
        problem(other.request().get("/api/v1/orders/?before=" + order), 400, "bad-request");
        assertThat(buyer.status(order)).isEqualTo("confirmed");
        assertThat(other.orders()).isZero();
    }

    @Test
    void whoNamesNoUserIsTheDefaultOne() {
        given().get("/api/v1/orders").then().statusCode(200);
        problem(given().get("/api/v1/orders/?user_id=0"), 400, "bad-request");
        problem(given().get("/api/v1/orders/?user_id=x"), 400, "bad-request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "x",
                "0-0-0-0-0",
                "00000000-0000-7000-8000-00000000000",
                "00000000-0000-7000-8000-00000000000g"
            })
    void refusesAnIdThatIsNone(String id) {
        problem(given().get("/api/v1/orders/" + id), 400, "bad-request");
        problem(given().delete("/api/v1/orders/" + id), 400, "bad-request");
    }

    @Test
    void anOrderThatNeverWasIs404AndCannotBeCancelled() {
        Buyer buyer = Buyer.in(shop);
        String none = UUID.randomUUID().toString();
        problem(buyer.get(none), 404, "not-found");
        problem(buyer.cancel(none), 400, "bad-request");
    }

    @Test
    void cancellingGivesMoneyAndStockBackOnce() {
        Buyer buyer = Buyer.in(shop);
        String order = buyer.bought(3);
        buyer.assertSpent("30.00", 3);

        buyer.cancel(order)
                .then()
                .statusCode(200)
                .header("ETag", "\"4\"")
                .body("order_id", equalTo(order))
                .body("status", equalTo("cancelled"));
        buyer.assertSpent("0.00", 0);

        buyer.cancel(order).then().statusCode(200).header("ETag", "\"4\"").body("status", equalTo("cancelled"));
        buyer.assertSpent("0.00", 0);
        buyer.list().then().body("orders", hasSize(1)).body("orders[0].status", equalTo("cancelled"));
    }

    @Test
    void cancellingTwiceAtOnceIsCancellingOnce() {
        Buyer buyer = Buyer.in(shop);
        String order = buyer.bought(3);

        var answers = Race.of(8, i -> buyer.cancel(order));

        assertThat(answers).extracting(Response::statusCode).containsOnly(200);
        buyer.assertSpent("0.00", 0);
        assertThat(buyer.etag()).isEqualTo("\"4\"");
    }

    @Test
    void cancellingHonoursTheVersionUnlessItIsDoneAlready() {
        Buyer buyer = Buyer.in(shop);
        String order = buyer.bought(1);
        Response refused = buyer.request().header("If-Match", "\"1\"").delete("/api/v1/orders/" + order);
        problem(refused, 412, "orders-changed");
        refused.then().header("ETag", "\"2\"");
        assertThat(buyer.status(order)).isEqualTo("confirmed");

        buyer.request()
                .header("If-Match", "\"2\"")
                .delete("/api/v1/orders/" + order)
                .then()
                .statusCode(200);
        // the answer was lost, so it is sent again
        buyer.request()
                .header("If-Match", "\"2\"")
                .delete("/api/v1/orders/" + order)
                .then()
                .statusCode(200);
        buyer.assertSpent("0.00", 0);
    }

    @Test
    void cancellingARejectedOrderIs200AndLeavesItRejected() {
        Buyer buyer = Buyer.in(shop);
        shop.inventory.fill(buyer.product, 0);
        String order = buyer.buy(Buyer.key(), 1).jsonPath().getString("order_id");

        buyer.cancel(order).then().statusCode(200).body("status", equalTo("rejected"));
    }

    @Test
    void aRepetitionAfterTheCancelTellsTheCancelledOrder() {
        Buyer buyer = Buyer.in(shop);
        String key = Buyer.key();
        String order = buyer.buy(key, 1).jsonPath().getString("order_id");
        buyer.cancel(order).then().statusCode(200);

        buyer.buy(key, 1)
                .then()
                .statusCode(201)
                .header("Idempotent-Replayed", "true")
                .body("order_id", equalTo(order))
                .body("status", equalTo("cancelled"));
        buyer.assertSpent("0.00", 0);
    }

    @Test
    void anOrderForNothingNeedsNoMoney() {
        Buyer buyer = new Buyer(shop, "0.00", 10);
        shop.products.prices.put(buyer.product, "0.00");

        String order = send(buyer, Buyer.key(), buyer.body(1).replace("10.00", "0"))
                .then()
                .statusCode(201)
                .body("total", equalTo("0.00"))
                .extract()
                .jsonPath()
                .getString("order_id");
        buyer.cancel(order).then().statusCode(200);
    }

    @Test
    void theLargestTotalIsTakenAndNoLarger() {
        Buyer buyer = new Buyer(shop, "999999999999.99", 10);
        shop.products.prices.put(buyer.product, "999999999999.99");
        String body = buyer.body(1).replace("10.00", "999999999999.99");
        send(buyer, Buyer.key(), body).then().statusCode(201).body("total", equalTo("999999999999.99"));

        problem(send(buyer, Buyer.key(), body.replace("\"quantity\":1", "\"quantity\":2")), 400, "validation");
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
        buyer.cancel(buyer.bought(1)).then().statusCode(200);

        given().get("/ops/audit")
                .then()
                .statusCode(200)
                .body("consistent", equalTo(true))
                .body("findings", hasSize(0))
                .body("orders.find { it.status == 'confirmed' }.count", notNullValue());
    }

    private static Response send(Buyer buyer, String key, String body) {
        return buyer.request().header("Idempotency-Key", key).body(body).post("/api/v1/orders/");
    }

    private static Response conditional(Buyer buyer, String ifMatch) {
        return conditional(buyer, Buyer.key(), ifMatch, 1);
    }

    private static Response conditional(Buyer buyer, String key, String ifMatch, int quantity) {
        return buyer.request()
                .header("Idempotency-Key", key)
                .header("If-Match", ifMatch)
                .body(buyer.body(quantity))
                .post("/api/v1/orders/");
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

    private static void problem(Response answer, int status, String slug) {
        answer.then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("status", equalTo(status))
                .body("type", equalTo("urn:vitrina:problem:" + slug));
    }
}
