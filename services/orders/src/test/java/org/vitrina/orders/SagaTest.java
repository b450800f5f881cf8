package org.vitrina.orders;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.vitrina.core.Instance;
import org.vitrina.testing.PostgresResource;

/** Orders while services are slow, away, forgetful, and what is left by instances that died. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "orders"))
@WithTestResource(Shop.class)
class SagaTest extends SagaSuite {
    @Inject
    MeterRegistry registry;

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
                .header("Location", "/api/v1/orders/" + order)
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
        buyer.buyWithin(Buyer.LONG, key, 1)
                .then()
                .statusCode(201)
                .header("Idempotent-Replayed", "true")
                .body("status", equalTo("confirmed"));
        buyer.assertSpent("10.00", 1);
        assertThat(buyer.orders()).isEqualTo(1);
    }

    @Test
    void anOperatorIsToldWhatAnOrderWaitsForAndWhatItWentThrough() {
        Buyer buyer = Buyer.in(shop);
        var open = new CountDownLatch(1);
        shop.wallet.fault = waitsFor(open, "PUT");
        String order = buyer.buyWithin(3_000, Buyer.key(), 1).jsonPath().getString("order_id");
        given().get("/ops/orders/" + order)
                .then()
                .statusCode(200)
                .body("status", equalTo("pending"))
                .body("user_id", equalTo(buyer.user))
                .body("waits.step", equalTo("charge"))
                .body("waits.on", equalTo(List.of("wallet", "inventory")))
                .body("steps.size()", equalTo(0));

        open.countDown();
        buyer.awaitStatus(order, "confirmed");
        await().atMost(TIMEOUT).untilAsserted(() -> given().get("/ops/orders/" + order)
                .then()
                .statusCode(200)
                .body("waits", nullValue())
                .body("steps.step", equalTo(List.of("charge", "commit")))
                .body("steps.status", equalTo(List.of("pending", "confirmed")))
                .body("steps.led_by", equalTo(List.of("orders@" + Instance.name(), "orders@" + Instance.name())))
                .body("messages.state", equalTo(List.of("sent")))
                .body("messages_missing", nullValue()));
        given().get("/ops/orders/" + UUID.randomUUID()).then().statusCode(404);
        given().get("/ops/orders/17").then().statusCode(400);
    }

    @Test
    void aDeadlineBelowTheReserveIsAnswered202AtOnceOr504() {
        Buyer buyer = Buyer.in(shop);
        var open = new CountDownLatch(1);
        shop.wallet.fault = waitsFor(open, "PUT");
        String key = Buyer.key();

        assertThat(buyer.buyWithin(190, key, 1).statusCode()).isIn(202, 503, 504);

        open.countDown();
        await().atMost(TIMEOUT)
                .untilAsserted(() -> buyer.buyWithin(Buyer.LONG, key, 1).then().statusCode(201));
        assertThat(buyer.orders()).isEqualTo(1);
        buyer.assertSpent("10.00", 1);
    }

    @Test
    void anAcceptanceThatIsHeldUpEndsAtTheDeadlineAndLeavesNothing() {
        Buyer buyer = Buyer.in(shop);
        buyer.bought(1);
        String key = Buyer.key();
        Database.whileLocked("SELECT 1 FROM order_collection WHERE user_id = ? FOR UPDATE", buyer.user, () -> {
            double before = acceptancesCut();
            buyer.buyWithin(1500, key, 1).then().statusCode(504);
            await().atMost(TIMEOUT).until(() -> acceptancesCut() - before == 1);
            assertThat(Database.running("accept_order")).isZero();
        });
        assertThat(buyer.orders()).isEqualTo(1);
        buyer.buyWithin(Buyer.LONG, key, 1).then().statusCode(201);
        assertThat(buyer.orders()).isEqualTo(2);
    }

    private double acceptancesCut() {
        var counter = registry.find("vitrina.postgres.statements.cut")
                .tag("statement", "select accept_order")
                .counter();
        return counter == null ? 0 : counter.count();
    }

    @Test
    void whatFollowsTheAcceptanceIsNotCutShortByTheDeadline() {
        Buyer buyer = Buyer.in(shop);
        var open = new CountDownLatch(1);
        shop.wallet.fault = waitsFor(open, "PUT");
        Response answer = buyer.buyWithin(600, Buyer.key(), 1);
        answer.then().statusCode(202);
        String order = answer.jsonPath().getString("order_id");
        Database.whileLocked("SELECT 1 FROM customer_order WHERE id = ?::uuid FOR UPDATE", order, () -> {
            // the deadline is over
            await().pollDelay(Duration.ofMillis(700)).until(() -> true);
            open.countDown();
            await().atMost(TIMEOUT).until(() -> Database.running("move_order") == 1);
            await().during(Duration.ofMillis(300)).until(() -> Database.running("move_order") == 1);
        });
        buyer.awaitStatus(order, "confirmed");
        buyer.assertSpent("10.00", 1);
    }

    @Test
    void aTwinWaitsForTheFirstAndIsToldTheSame() {
        Buyer buyer = Buyer.in(shop);
        var open = new CountDownLatch(1);
        shop.wallet.fault = waitsFor(open, "PUT");
        String key = Buyer.key();
        var first = CompletableFuture.supplyAsync(() -> buyer.buy(key, 1));
        await().atMost(TIMEOUT).until(() -> buyer.orders() == 1);

        Response late = buyer.buyWithin(300, key, 1);
        late.then()
                .statusCode(409)
                .header("Retry-After", notNullValue())
                .body("type", equalTo("urn:vitrina:problem:request-in-progress"));
        var second = CompletableFuture.supplyAsync(() -> buyer.buy(key, 1));
        open.countDown();

        first.join().then().statusCode(201).header("Idempotent-Replayed", nullValue());
        second.join().then().statusCode(201).header("Idempotent-Replayed", "true");
        assertThat(second.join().asString()).isEqualTo(first.join().asString());
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

        String order = buyer.buyWithin(Buyer.LONG, Buyer.key(), 2)
                .then()
                .statusCode(201)
                .extract()
                .jsonPath()
                .getString("order_id");

        buyer.assertSpent("20.00", 2);
        await().atMost(TIMEOUT).until(() -> Database.step(order).equals("none"));
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
        await().atMost(TIMEOUT)
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
        buyer.cancelled(order).body("status", equalTo("cancelled"));
    }

    @Test
    void aCancelWhilePendingWinsOverTheConfirmationThatComesLater() {
        Buyer buyer = Buyer.in(shop);
        var open = new CountDownLatch(1);
        shop.wallet.fault = waitsFor(open, "PUT");
        String key = Buyer.key();
        var first = CompletableFuture.supplyAsync(() -> buyer.buy(key, 1));
        await().atMost(TIMEOUT).until(() -> buyer.orders() == 1);
        String order = buyer.list().jsonPath().getString("orders[0].order_id");

        buyer.cancelled(order).body("status", equalTo("cancelled"));
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
            await().pollInterval(Duration.ofMillis(1)).atMost(TIMEOUT).until(() -> buyer.orders() == 1);
            String order = buyer.list().jsonPath().getString("orders[0].order_id");

            buyer.cancelled(order).body("status", equalTo("cancelled"));

            assertThat(first.join().statusCode()).isIn(201, 202);
            buyer.awaitSpent("0.00", 0);
            assertThat(buyer.status(order)).isEqualTo("cancelled");
        }
    }
}
