package org.vitrina.orders;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.servers.PostgresServer;
import org.vitrina.testing.PostgresResource;

/** What an instance left, and whatever else is finished later. Each test has a buyer of its own. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "orders"))
@WithTestResource(Shop.class)
class SweeperTest extends SagaSuite {
    @Test
    void theSweeperFinishesWhatADeadInstanceHadOnlyAccepted() {
        Buyer buyer = Buyer.in(shop);
        String key = Buyer.key();
        String order = Database.abandoned(buyer, key, 2);

        buyer.awaitStatus(order, "confirmed");
        buyer.assertSpent("20.00", 2);
        await().atMost(TIMEOUT).until(() -> Database.step(order).equals("none"));
        buyer.buyWithin(Buyer.LONG, key, 2)
                .then()
                .statusCode(201)
                .header("Idempotent-Replayed", "true")
                .body("order_id", equalTo(order));
    }

    @Test
    void aLivingInstancesOrderIsLeftToIt() {
        Buyer buyer = Buyer.in(shop);
        String order = Database.abandoned(buyer, Buyer.key(), 1, 600_000);

        await().during(Duration.ofMillis(300)).atMost(TIMEOUT).until(() -> buyer.status(order)
                .equals("pending"));
        buyer.assertSpent("0.00", 0);
        Database.execute("UPDATE customer_order SET due_at = now() WHERE id = ?::uuid", order);
        buyer.awaitStatus(order, "confirmed");
    }

    @Test
    void anOrderThatCannotBeReadHoldsUpNoOther() {
        Buyer buyer = Buyer.in(shop);
        String unreadable = Database.abandoned(buyer, Buyer.key(), 1, 600_000);
        String other = Database.abandoned(buyer, Buyer.key(), 1, 600_000);
        String lines = Database.text("SELECT lines FROM customer_order WHERE id = ?::uuid", unreadable);
        Database.execute(
                "UPDATE customer_order SET lines = '[{\"of\":\"a newer release\"}' WHERE id = ?::uuid", unreadable);
        // both in the same look of the sweeper
        Database.execute("UPDATE customer_order SET due_at = now() WHERE user_id = ?", buyer.user);

        await().atMost(TIMEOUT).until(() -> Database.text("SELECT status FROM customer_order WHERE id = ?::uuid", other)
                .equals("confirmed"));

        Database.execute("UPDATE customer_order SET lines = ? WHERE id = ?::uuid", lines, unreadable);
        buyer.awaitStatus(unreadable, "confirmed");
        buyer.assertSpent("20.00", 2);
    }

    @Test
    void aRepetitionWhileTheOrderIsBeingCancelledIs202() {
        Buyer buyer = Buyer.in(shop);
        var open = new CountDownLatch(1);
        shop.wallet.fault = waitsFor(open, "PUT");
        String key = Buyer.key();
        String order = buyer.buyWithin(600, key, 1)
                .then()
                .statusCode(202)
                .extract()
                .jsonPath()
                .getString("order_id");
        shop.wallet.fault = Shop.FAILS;
        buyer.request()
                .header("X-Request-Deadline-Ms", 500)
                .delete("/api/v1/orders/" + order)
                .then()
                .statusCode(202);

        buyer.buy(key, 1)
                .then()
                .statusCode(202)
                .header("Idempotent-Replayed", "true")
                .header("ETag", "\"2\"")
                .body("order_id", equalTo(order))
                .body("status", equalTo("cancelling"));

        shop.heal();
        open.countDown();
        buyer.awaitStatus(order, "cancelled");
        buyer.buyWithin(Buyer.LONG, key, 1)
                .then()
                .statusCode(201)
                .header("Idempotent-Replayed", "true")
                .body("status", equalTo("cancelled"));
        buyer.awaitSpent("0.00", 0);
    }

    @Test
    void theSweeperFinishesWhatWasDebitedOrReservedAndNotWrittenDown() {
        Buyer buyer = Buyer.in(shop);
        String order = Database.abandoned(buyer, Buyer.key(), 1, 600_000);
        assertThat(put(
                        shop.wallet.http.url() + "/users/" + buyer.user + "/wallet/debits/" + order,
                        "{\"amount\":\"10.00\"}"))
                .isEqualTo(201);
        Database.execute("UPDATE customer_order SET due_at = now() WHERE id = ?::uuid", order);

        buyer.awaitStatus(order, "confirmed");
        buyer.assertSpent("10.00", 1);
    }

    @Test
    void theSweeperGoesOnWithARefusalThatWasWrittenDown() {
        Buyer buyer = Buyer.in(shop);
        String order = Database.abandoned(buyer, Buyer.key(), 1, 600_000);
        assertThat(put(
                        shop.wallet.http.url() + "/users/" + buyer.user + "/wallet/debits/" + order,
                        "{\"amount\":\"10.00\"}"))
                .isEqualTo(201);
        Database.execute(
                "UPDATE customer_order SET step = 'compensate', reason = 'out-of-stock', about = '7', due_at = now()"
                        + " WHERE id = ?::uuid",
                order);

        buyer.awaitStatus(order, "rejected");
        buyer.assertSpent("0.00", 0);
        buyer.get(order).then().body("reason", equalTo("out-of-stock"));
        assertThat(Database.eventTypes(order)).containsExactly("order.pending", "order.rejected");
    }

    @ParameterizedTest
    @ValueSource(longs = {-400, 400})
    void anInstanceWhoseClockJumpsDoesAsBefore(long days) {
        Buyer buyer = Buyer.in(shop);
        String before = buyer.bought(1);
        String left = Database.abandoned(buyer, Buyer.key(), 1, 600_000);

        clock.jump(Duration.ofDays(days));
        String key = Buyer.key();
        Response answer = buyer.buy(key, 1);
        answer.then().statusCode(201);
        String after = answer.jsonPath().getString("order_id");

        // the database's clock counts: for its time, its age, and another's lease
        assertThat(Instant.parse(answer.jsonPath().getString("created_at")))
                .isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
        await().during(Duration.ofMillis(300)).atMost(TIMEOUT).until(() -> buyer.status(left)
                .equals("pending"));
        assertThat(buyer.list().jsonPath().getList("orders.order_id")).containsExactly(after, left, before);
        buyer.buyWithin(Buyer.LONG, key, 1).then().statusCode(201).header("Idempotent-Replayed", "true");
        buyer.cancelled(after).body("status", equalTo("cancelled"));
        Database.execute("UPDATE customer_order SET due_at = now() WHERE id = ?::uuid", left);
        buyer.awaitStatus(left, "confirmed");
        buyer.assertSpent("20.00", 2);
    }

    @Test
    void whileTheDatabaseIsDeadNothingIsTakenAndWhatWasTakenGoesOnAfterwards() {
        Buyer buyer = Buyer.in(shop);
        var open = new CountDownLatch(1);
        shop.wallet.fault = waitsFor(open, "PUT");
        String order = buyer.buyWithin(600, Buyer.key(), 1)
                .then()
                .statusCode(202)
                .extract()
                .jsonPath()
                .getString("order_id");
        String key = Buyer.key();
        PostgresServer.shared().kill();
        try {
            // both are there now, and that can be written down nowhere
            open.countDown();
            buyer.buy(key, 1)
                    .then()
                    .statusCode(503)
                    .header("Retry-After", notNullValue())
                    .body("type", equalTo("urn:vitrina:problem:unavailable"));
            buyer.cancel(order).then().statusCode(503);
            buyer.list().then().statusCode(503);
        } finally {
            PostgresServer.shared().restart();
        }

        await().atMost(TIMEOUT).ignoreExceptions().until(() -> buyer.list().statusCode() == 200);
        buyer.awaitStatus(order, "confirmed");
        buyer.buyWithin(Buyer.LONG, key, 1).then().statusCode(201).header("Idempotent-Replayed", nullValue());
        buyer.assertSpent("20.00", 2);
        assertThat(buyer.orders()).isEqualTo(2);
    }

    @Test
    void whileTheDatabaseIsFrozenABuyerIsAnsweredInTimeAndTheSameKeyBuysOnce() {
        Buyer buyer = Buyer.in(shop);
        buyer.bought(1);
        String key = Buyer.key();
        PostgresServer.shared().freeze();
        try {
            buyer.buyWithin(500, key, 1).then().statusCode(504).body("type", equalTo("urn:vitrina:problem:timeout"));
        } finally {
            PostgresServer.shared().thaw();
        }

        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(buyer.buy(key, 1).statusCode()).isEqualTo(201));
        buyer.assertSpent("20.00", 2);
        assertThat(buyer.orders()).isEqualTo(2);
    }

    @Test
    void anOrderThatIsTooOldIsUndone() {
        Buyer buyer = Buyer.in(shop);
        String key = Buyer.key();
        String order = Database.abandoned(buyer, key, 1, 600_000);
        assertThat(put(
                        shop.wallet.http.url() + "/users/" + buyer.user + "/wallet/debits/" + order,
                        "{\"amount\":\"10.00\"}"))
                .isEqualTo(201);
        Database.execute(
                "UPDATE customer_order SET created_at = now() - interval '11 minutes', due_at = now() WHERE id = ?::uuid",
                order);

        buyer.awaitStatus(order, "rejected");
        buyer.assertSpent("0.00", 0);
        buyer.buy(key, 1).then().statusCode(409).body("type", equalTo("urn:vitrina:problem:order-not-completed"));
    }

    @Test
    void aReservationThatRanOutBeforeItWasFinalIsRefundedAndRejected() {
        Buyer buyer = Buyer.in(shop);
        var open = new CountDownLatch(1);
        shop.inventory.fault = waitsFor(open, "POST");
        String order = buyer.bought(1);
        shop.inventory.lose(order);
        open.countDown();

        buyer.awaitStatus(order, "rejected");
        assertThat(shop.wallet.balance(buyer.user)).isEqualTo("100.00");
        buyer.get(order).then().body("reason", equalTo("reservation-gone"));
        // who was told that it is confirmed is told that it is off
        assertThat(Database.eventTypes(order))
                .containsExactly("order.pending", "order.confirmed", "order.cancelling", "order.cancelled");
        assertThat(Database.events(order).getLast().getString("status")).isEqualTo("rejected");
    }

    @Test
    void theCommitIsRepeatedUntilItIsDone() {
        Buyer buyer = Buyer.in(shop);
        shop.inventory.fault = Shop.only(request -> request.method().equals("POST"), Shop.FAILS);
        String order = buyer.bought(1);
        await().during(Duration.ofMillis(300)).atMost(TIMEOUT).until(() -> Database.step(order)
                .equals("commit"));

        shop.heal();
        await().atMost(TIMEOUT).until(() -> Database.step(order).equals("none"));
        assertThat(shop.inventory.completed).containsKey(order);
        buyer.assertSpent("10.00", 1);
    }

    @Test
    void eachChangeOfStateIsToldOnceInItsOwnTransaction() {
        Buyer buyer = Buyer.in(shop);
        String order = buyer.bought(2);
        buyer.cancelled(order);

        List<JsonObject> events = Database.events(order);
        assertThat(events)
                .extracting(event -> event.getString("type"))
                .containsExactly("order.pending", "order.confirmed", "order.cancelling", "order.cancelled");
        assertThat(events).extracting(event -> event.getString("event_id")).doesNotHaveDuplicates();
        JsonObject confirmed = events.get(1);
        assertThat(confirmed.fieldNames())
                .containsExactlyInAnyOrder(
                        "event_id",
                        "type",
                        "version",
                        "order_id",
                        "user_id",
                        "sequence",
                        "status",
                        "total",
                        "phone",
                        "occurred_at");
        assertThat(confirmed.getInteger("version")).isEqualTo(1);
        assertThat(confirmed.getString("order_id")).isEqualTo(order);
        assertThat(confirmed.getInteger("user_id")).isEqualTo(buyer.user);
        assertThat(confirmed.getInteger("sequence")).isEqualTo(1);
        assertThat(confirmed.getString("status")).isEqualTo("confirmed");
        assertThat(confirmed.getString("total")).isEqualTo("20.00");
        assertThat(confirmed.getString("phone")).isEqualTo("+79990000001");
        assertThat(Instant.parse(confirmed.getString("occurred_at"))).isNotNull();
    }

    private static int put(String url, String body) {
        return given().body(body).put(url).statusCode();
    }
}
