package org.vitrina.orders;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.servers.PostgresServer;
import org.vitrina.testing.PostgresResource;

/** Orders while services are slow, away, forgetful, and what is left by instances that died. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "orders"))
@WithTestResource(Shop.class)
@SuppressWarnings("NullAway.Init") // set by the test resource
class SagaTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Inject
    JumpingClock clock;

    Shop.Services shop;

    @AfterEach
    void heal() {
        shop.heal();
        clock.jump(Duration.ZERO);
    }

    @Test
    void whatIsNotDecidedInTimeIs202AndGoesOn() {
        Buyer buyer = Buyer.in(shop);
        var open = new CountDownLatch(1);
        shop.wallet.fault = waitsFor(open, "PUT");
        String key = Buyer.key();

        Response answer = buyer.buyWithin(600, key, 1);

        String order = answer.jsonPath().getString("order_id");
        answer.then()
                .statusCode(202)
                .header("ETag", "\"1\"")
                .header("Location", endsWith("/api/v1/orders/" + order))
                .body("status", equalTo("pending"));
        buyer.buy(key, 1)
                .then()
                .statusCode(202)
                .header("Idempotent-Replayed", "true")
                .header("ETag", "\"1\"")
                .body("order_id", equalTo(order))
                .body("status", equalTo("pending"));

        open.countDown();
        buyer.awaitStatus(order, "confirmed");
        buyer.buy(key, 1)
                .then()
                .statusCode(201)
                .header("Idempotent-Replayed", "true")
                .body("status", equalTo("confirmed"));
        buyer.assertSpent("10.00", 1);
        assertThat(buyer.orders()).isEqualTo(1);
    }

    @Test
    void aDeadlineBelowTheReserveIsAnswered202AtOnceOr504() {
        Buyer buyer = Buyer.in(shop);
        var open = new CountDownLatch(1);
        shop.wallet.fault = waitsFor(open, "PUT");
        String key = Buyer.key();

        assertThat(buyer.buyWithin(190, key, 1).statusCode()).isIn(202, 503, 504);

        open.countDown();
        await().atMost(PATIENCE).untilAsserted(() -> buyer.buy(key, 1).then().statusCode(201));
        assertThat(buyer.orders()).isEqualTo(1);
        buyer.assertSpent("10.00", 1);
    }

    @Test
    void aTwinWaitsForTheFirstAndIsToldTheSame() {
        Buyer buyer = Buyer.in(shop);
        var open = new CountDownLatch(1);
        shop.wallet.fault = waitsFor(open, "PUT");
        String key = Buyer.key();
        var first = CompletableFuture.supplyAsync(() -> buyer.buy(key, 1));
        await().atMost(PATIENCE).until(() -> buyer.orders() == 1);

        Response late = buyer.buyWithin(300, key, 1);
        late.then()
                .statusCode(409)
                .header("Retry-After", notNullValue())
                .body("type", equalTo("urn:vitrina:problem:request-in-progress"));
        var twin = CompletableFuture.supplyAsync(() -> buyer.buy(key, 1));
        open.countDown();

        first.join().then().statusCode(201).header("Idempotent-Replayed", nullValue());
        twin.join().then().statusCode(201).header("Idempotent-Replayed", "true");
        assertThat(twin.join().asString()).isEqualTo(first.join().asString());
        buyer.assertSpent("10.00", 1);
    }

    @Test
    void anOrderRejectedAfter202TellsSoToEveryRepetition() {
        Buyer buyer = Buyer.in(shop);
        shop.inventory.fill(buyer.product, 0);
        var open = new CountDownLatch(1);
        shop.wallet.fault = waitsFor(open, "PUT");
        String key = Buyer.key();
        String order = buyer.buyWithin(600, key, 1)
                .then()
                .statusCode(202)
                .extract()
                .jsonPath()
                .getString("order_id");

        open.countDown();
        buyer.awaitStatus(order, "rejected");

        for (int i = 0; i < 2; i++) {
            buyer.buy(key, 1)
                    .then()
                    .statusCode(409)
                    .header("Idempotent-Replayed", "true")
                    .body("type", equalTo("urn:vitrina:problem:out-of-stock"))
                    .body("order_id", equalTo(order));
        }
        assertThat(shop.wallet.balance(buyer.user)).isEqualTo("100.00");
        assertThat(buyer.orders()).isEqualTo(1);
    }

    @Test
    void lostAnswersAreAskedForAgainAndNothingIsDoneTwice() {
        Buyer buyer = Buyer.in(shop);
        var lost = new AtomicInteger();
        Shop.Fault losing = (request, carryOut) ->
                lost.incrementAndGet() <= 12 ? Shop.LOSES_ANSWERS.answer(request, carryOut) : carryOut.get();
        shop.wallet.fault = losing;
        shop.inventory.fault = losing;

        String order = buyer.buy(Buyer.key(), 2)
                .then()
                .statusCode(201)
                .extract()
                .jsonPath()
                .getString("order_id");

        buyer.assertSpent("20.00", 2);
        await().atMost(PATIENCE).until(() -> Database.step(order).equals("none"));
        buyer.assertSpent("20.00", 2);
    }

    @Test
    void aServiceThatIsAwayForAWhileIsWaitedFor() {
        Buyer buyer = Buyer.in(shop);
        shop.wallet.fault = Shop.AWAY;
        String key = Buyer.key();
        String order = buyer.buyWithin(700, key, 1)
                .then()
                .statusCode(202)
                .extract()
                .jsonPath()
                .getString("order_id");
        assertThat(buyer.status(order)).isEqualTo("pending");

        shop.heal();
        buyer.awaitStatus(order, "confirmed");
        buyer.assertSpent("10.00", 1);
    }

    @Test
    void aBriefOutageIsNotSeenByABuyerWhoWaits() {
        Buyer buyer = Buyer.in(shop);
        shop.inventory.fault = Shop.FAILS;
        var answer = CompletableFuture.supplyAsync(() -> buyer.buy(Buyer.key(), 1));
        await().atMost(PATIENCE)
                .until(() -> shop.wallet.balance(buyer.user).signum() > 0
                        && shop.wallet.balance(buyer.user).intValue() == 90);

        shop.heal();
        answer.join().then().statusCode(201).body("status", equalTo("confirmed"));
        buyer.assertSpent("10.00", 1);
    }

    @Test
    void theRefusalIsToldOnlyWhenAllIsBack() {
        Buyer buyer = Buyer.in(shop);
        shop.inventory.fill(buyer.product, 0);
        shop.wallet.fault = Shop.only(request -> request.method().equals("DELETE"), Shop.FAILS);
        String key = Buyer.key();
        String order = buyer.buyWithin(700, key, 1)
                .then()
                .statusCode(202)
                .extract()
                .jsonPath()
                .getString("order_id");
        assertThat(buyer.status(order)).isEqualTo("pending");
        assertThat(shop.wallet.balance(buyer.user)).isEqualTo("90.00");

        shop.heal();
        buyer.awaitStatus(order, "rejected");
        assertThat(shop.wallet.balance(buyer.user)).isEqualTo("100.00");
    }

    @Test
    void aRefundIsTriedForEver() {
        Buyer buyer = Buyer.in(shop);
        String order = buyer.bought(2);
        var tries = new AtomicInteger();
        shop.wallet.fault = (request, carryOut) ->
                tries.incrementAndGet() < 20 ? Shop.FAILS.answer(request, carryOut) : carryOut.get();

        Response answer = buyer.request().header("X-Request-Deadline-Ms", 500).delete("/api/v1/orders/" + order);
        answer.then().statusCode(202).header("ETag", "\"3\"").body("status", equalTo("cancelling"));

        buyer.awaitStatus(order, "cancelled");
        buyer.assertSpent("0.00", 0);
        assertThat(buyer.etag()).isEqualTo("\"4\"");
        buyer.cancel(order).then().statusCode(200).body("status", equalTo("cancelled"));
    }

    @Test
    void aCancelWhilePendingWinsOverTheConfirmationThatComesLater() {
        Buyer buyer = Buyer.in(shop);
        var open = new CountDownLatch(1);
        shop.wallet.fault = waitsFor(open, "PUT");
        String key = Buyer.key();
        var first = CompletableFuture.supplyAsync(() -> buyer.buy(key, 1));
        await().atMost(PATIENCE).until(() -> buyer.orders() == 1);
        String order = buyer.list().jsonPath().getString("orders[0].order_id");

        buyer.cancel(order).then().statusCode(200).body("status", equalTo("cancelled"));
        open.countDown();

        first.join().then().statusCode(201).body("status", equalTo("cancelled"));
        buyer.awaitSpent("0.00", 0);
        assertThat(buyer.status(order)).isEqualTo("cancelled");
        // the debit that came after its own refund
        assertThat(shop.wallet.debits).containsEntry(order, null);
        assertThat(Database.eventTypes(order)).containsExactly("order.pending", "order.cancelling", "order.cancelled");
    }

    @Test
    void cancelAndConfirmationRaceToOneEnd() {
        for (int round = 0; round < 10; round++) {
            Buyer buyer = Buyer.in(shop);
            var first = CompletableFuture.supplyAsync(() -> buyer.buy(Buyer.key(), 1));
            await().pollInterval(Duration.ofMillis(1)).atMost(PATIENCE).until(() -> buyer.orders() == 1);
            String order = buyer.list().jsonPath().getString("orders[0].order_id");

            buyer.cancel(order).then().statusCode(200).body("status", equalTo("cancelled"));

            assertThat(first.join().statusCode()).isIn(201, 202);
            buyer.awaitSpent("0.00", 0);
            assertThat(buyer.status(order)).isEqualTo("cancelled");
        }
    }

    @Test
    void theSweeperFinishesWhatADeadInstanceHadOnlyAccepted() {
        Buyer buyer = Buyer.in(shop);
        String key = Buyer.key();
        String order = Database.abandoned(buyer, key, 2);

        buyer.awaitStatus(order, "confirmed");
        buyer.assertSpent("20.00", 2);
        await().atMost(PATIENCE).until(() -> Database.step(order).equals("none"));
        buyer.buy(key, 2)
                .then()
                .statusCode(201)
                .header("Idempotent-Replayed", "true")
                .body("order_id", equalTo(order));
    }

    @Test
    void aLivingInstancesOrderIsLeftToIt() {
        Buyer buyer = Buyer.in(shop);
        String order = Database.abandoned(buyer, Buyer.key(), 1, 600_000);

        await().during(Duration.ofMillis(300)).atMost(PATIENCE).until(() -> buyer.status(order)
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

        await().atMost(PATIENCE)
                .until(() -> Database.text("SELECT status FROM customer_order WHERE id = ?::uuid", other)
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
        buyer.buy(key, 1)
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
        await().during(Duration.ofMillis(300)).atMost(PATIENCE).until(() -> buyer.status(left)
                .equals("pending"));
        assertThat(buyer.list().jsonPath().getList("orders.order_id")).containsExactly(after, left, before);
        buyer.buy(key, 1).then().statusCode(201).header("Idempotent-Replayed", "true");
        buyer.cancel(after).then().statusCode(200).body("status", equalTo("cancelled"));
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

        await().atMost(PATIENCE).ignoreExceptions().until(() -> buyer.list().statusCode() == 200);
        buyer.awaitStatus(order, "confirmed");
        buyer.buy(key, 1).then().statusCode(201).header("Idempotent-Replayed", nullValue());
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

        await().atMost(PATIENCE)
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
        await().during(Duration.ofMillis(300)).atMost(PATIENCE).until(() -> Database.step(order)
                .equals("commit"));

        shop.heal();
        await().atMost(PATIENCE).until(() -> Database.step(order).equals("none"));
        assertThat(shop.inventory.completed).containsKey(order);
        buyer.assertSpent("10.00", 1);
    }

    @Test
    void eachChangeOfStateIsToldOnceInItsOwnTransaction() {
        Buyer buyer = Buyer.in(shop);
        String order = buyer.bought(2);
        buyer.cancel(order).then().statusCode(200);

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

    /** Requests with this method are carried out once the latch is open. */
    private static Shop.Fault waitsFor(CountDownLatch open, String method) {
        return Shop.only(request -> request.method().equals(method), (request, carryOut) -> {
            try {
                open.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return carryOut.get();
        });
    }

    private static int put(String url, String body) {
        return given().body(body).put(url).statusCode();
    }
}
