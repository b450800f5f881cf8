package org.vitrina.orders;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.DescriptionTest;
import org.vitrina.testing.OpenApiContract;
import org.vitrina.testing.PostgresResource;

/** What orders says of itself, and on which port: its OpenAPI is what docs/contracts.md promises. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "orders"))
@WithTestResource(Shop.class)
@SuppressWarnings("NullAway.Init") // set by the test resource
class OrdersDescriptionTest extends DescriptionTest {
    private static final String[] ORDER = {
        "order_id", "status", "products", "total", "shipping_to", "created_at", "sequence", "reason"
    };

    Shop.Services shop;

    @Test
    void describesTheContractAndNoMore() {
        OpenApiContract.served(given().get("/q/openapi").asString())
                .operation("POST /api/v1/orders", 201, 202, 400, 402, 409, 412, 415, 422, 428, 503, 504)
                .operation("GET /api/v1/orders", 200, 400, 503, 504)
                .operation("GET /api/v1/orders/{id}", 200, 400, 404, 503, 504)
                .operation("GET /api/v1/orders/{id}/events", 200, 400, 404, 503, 504)
                .operation("DELETE /api/v1/orders/{id}", 200, 202, 400, 412, 428, 503, 504)
                .auditTrail()
                .operation("GET /ops/audit", 200, 503, 504)
                .operation("GET /ops/orders/{id}", 200, 400, 404, 503, 504)
                .fields(
                        "GET /ops/orders/{id} 200",
                        "order_id",
                        "user_id",
                        "status",
                        "created_at",
                        "reason",
                        "waits",
                        "steps",
                        "events",
                        "messages",
                        "messages_missing")
                .operation("DELETE /ops/users/{id}", 200, 400, 409, 503)
                .fields("DELETE /ops/users/{id} 200", "erased", "kept")
                .fields("POST /api/v1/orders 201", ORDER)
                .fields("POST /api/v1/orders 202", ORDER)
                .fields("GET /api/v1/orders 200", "orders", "fingerprint")
                .fields("GET /api/v1/orders/{id} 200", ORDER)
                .fields("DELETE /api/v1/orders/{id} 200", ORDER)
                .assertAgrees();
    }

    @Test
    void describesTheBodyAsItIsRead() {
        given().get("/q/openapi?format=json")
                .then()
                .body(
                        "components.schemas.OrderInput.properties.keySet()",
                        containsInAnyOrder("products", "shipping_to", "phone"))
                .body(
                        "components.schemas.LineInput.properties.keySet()",
                        containsInAnyOrder("id", "price", "quantity"));
    }

    @Test
    void recordsWhoPlacesAndCancelsAnOrder() {
        Buyer buyer = Buyer.in(shop);
        assertOnRecord(
                by -> "order "
                        + by.contentType("application/json")
                                .header("Idempotency-Key", Buyer.key())
                                .body(buyer.body(1))
                                .post("/api/v1/orders/?user_id=" + buyer.user)
                                .then()
                                .statusCode(201)
                                .extract()
                                .path("order_id"),
                "order-placed",
                buyer.user,
                "10.00");
        String order = buyer.bought(2);
        assertOnRecord(
                by -> {
                    by.delete("/api/v1/orders/" + order + "/?user_id=" + buyer.user)
                            .then()
                            .statusCode(200);
                    return "order " + order;
                },
                "order-cancelled",
                buyer.user,
                "20.00");

        assertThat(given().get("/ops/trail?user_id=" + buyer.user).jsonPath().getList("action"))
                .containsExactly("order-cancelled", "order-placed", "order-placed");
    }

    @Test
    void tellsItsMetricsOnTheManagementPortOnly() {
        Buyer buyer = Buyer.in(shop);
        buyer.bought(1);
        shop.inventory.fill(buyer.product, 0);
        buyer.buy(Buyer.key(), 1).then().statusCode(409);
        Database.abandoned(buyer, Buyer.key(), 1);

        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> given().get(management.resolve("/q/metrics"))
                .then()
                .statusCode(200)
                .body(containsString("http_server_requests_seconds"))
                .body(containsString("vitrina_orders_saga_total{outcome=\"confirmed\""))
                .body(containsString("vitrina_orders_saga_total{outcome=\"out-of-stock\""))
                .body(containsString("vitrina_orders_sweeper_taken_total"))
                .body(containsString("vitrina_orders_pending_age_seconds"))
                .body(containsString("vitrina_audit_findings 0.0"))
                .body(containsString("vitrina_client_calls_total{dependency=\"wallet\"")));
        given().get("/q/metrics").then().statusCode(404);
    }
}
