package org.vitrina.orders;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.PostgresResource;

/** The packaged orders, from outside. */
@QuarkusIntegrationTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "orders"))
@WithTestResource(Shop.class)
@SuppressWarnings("NullAway.Init") // set by the test resource
class OrdersIT {
    Shop.Services shop;

    @BeforeEach
    void awaitStart() {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> given().get("/api/v1/orders").then().statusCode(200));
    }

    @Test
    void buysOnceAndGivesBack() {
        Buyer buyer = Buyer.in(shop);
        String key = Buyer.key();
        String order =
                buyer.buy(key, 2).then().statusCode(201).extract().jsonPath().getString("order_id");
        buyer.buy(key, 2)
                .then()
                .statusCode(201)
                .header("Idempotent-Replayed", "true")
                .body("order_id", equalTo(order));
        buyer.assertSpent("20.00", 2);

        buyer.cancelled(order).body("status", equalTo("cancelled"));
        buyer.assertSpent("0.00", 0);
    }

    @Test
    void tellsProblems() {
        Buyer buyer = Buyer.in(shop);
        shop.inventory.fill(buyer.product, 0);
        buyer.buy(Buyer.key(), 1)
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:vitrina:problem:out-of-stock"));
        buyer.request()
                .header("Idempotency-Key", Buyer.key())
                .body("{\"products\":[]}")
                .post("/api/v1/orders/")
                .then()
                .statusCode(400)
                .body("violations.field", equalTo(List.of("products", "shipping_to")));
    }

    @Test
    void finishesWhatAnotherInstanceLeft() {
        Buyer buyer = Buyer.in(shop);
        String order = Database.abandoned(buyer, Buyer.key(), 1);
        buyer.awaitStatus(order, "confirmed");
    }

    @Test
    void describesItself() {
        given().get("/q/openapi").then().statusCode(200);
        given().get("/q/swagger-ui/").then().statusCode(200);
        given().get("/q/health/ready").then().statusCode(404);
    }
}
