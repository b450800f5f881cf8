package org.vitrina.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.Response;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.PostgresResource;
import org.vitrina.testing.Race;

/** An order that is taken back. Each test has a buyer of its own. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "orders"))
@WithTestResource(Shop.class)
class OrderCancelTest extends OrdersSuite {
    @Test
    void cancellingGivesMoneyAndStockBackOnce() {
        Buyer buyer = Buyer.in(shop);
        String order = buyer.bought(3);
        buyer.assertSpent("30.00", 3);

        buyer.cancelled(order)
                .header("ETag", "\"4\"")
                .body("order_id", equalTo(order))
                .body("status", equalTo("cancelled"));
        buyer.assertSpent("0.00", 0);

        buyer.cancelled(order).header("ETag", "\"4\"").body("status", equalTo("cancelled"));
        buyer.assertSpent("0.00", 0);
        buyer.list().then().body("orders", hasSize(1)).body("orders[0].status", equalTo("cancelled"));
    }

    /** Address, number and key are forgotten by then. */
    @Test
    void cancellingYearsLaterGivesMoneyAndStockBack() {
        Buyer buyer = Buyer.in(shop);
        String order = buyer.bought(3);
        Database.execute(
                "UPDATE customer_order SET created_at = now() - interval '10 years', shipping_to = '', phone = NULL"
                        + " WHERE id = ?::uuid",
                order);
        Database.execute("DELETE FROM idempotency_record WHERE user_id = ?", buyer.user);

        buyer.cancelled(order).body("status", equalTo("cancelled"));
        buyer.assertSpent("0.00", 0);
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

        buyer.cancelled(order).body("status", equalTo("rejected"));
    }

    @Test
    void aRepetitionAfterTheCancelTellsTheCancelledOrder() {
        Buyer buyer = Buyer.in(shop);
        String key = Buyer.key();
        String order = buyer.buy(key, 1).jsonPath().getString("order_id");
        buyer.cancelled(order);

        buyer.buyWithin(Buyer.LONG, key, 1)
                .then()
                .statusCode(201)
                .header("Idempotent-Replayed", "true")
                .body("order_id", equalTo(order))
                .body("status", equalTo("cancelled"));
        buyer.assertSpent("0.00", 0);
    }

    @Inject
    OrderRepository repository;

    /** Whatever comes of the same buyers' orders from many sides, no two statements wait for each other. */
    @Test
    void noStepsOfOrdersWaitForEachOther() {
        List<Buyer> buyers = List.of(Buyer.in(shop), Buyer.in(shop));
        List<UUID> orders = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            orders.add(UUID.fromString(Database.abandoned(buyers.get(i % 2), Buyer.key(), 1, 60_000)));
        }

        var ends = Race.of(8, i -> {
            var random = new Random(i);
            for (int round = 0; round < 60; round++) {
                UUID order = orders.get(random.nextInt(orders.size()));
                int user = buyers.get(orders.indexOf(order) % 2).user;
                wait(
                        switch (random.nextInt(6)) {
                            case 0 -> repository.move(order, Step.CHARGE, Step.COMMIT, Status.CONFIRMED, null, null);
                            case 1 -> repository.move(order, Step.COMMIT, Step.CHARGE, Status.PENDING, null, null);
                            case 2 -> repository.move(order, Step.COMPENSATE, Step.CHARGE, Status.PENDING, null, null);
                            case 3 -> repository.cancel(order, user, null);
                            case 4 -> {
                                List<UUID> shuffled = new ArrayList<>(orders);
                                Collections.shuffle(shuffled, random);
                                yield repository.committed(shuffled);
                            }
                            default -> repository.take(3);
                        });
            }
            return "";
        });

        assertThat(ends).containsOnly("");
    }

    private static void wait(Uni<?> step) {
        try {
            VertxContextSupport.subscribeAndAwait(() -> step);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
