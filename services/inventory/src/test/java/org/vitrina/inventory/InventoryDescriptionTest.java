package org.vitrina.inventory;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.DescriptionTest;
import org.vitrina.testing.OpenApiContract;
import org.vitrina.testing.PostgresResource;

/** What inventory says of itself, and on which port: its OpenAPI is what docs/contracts.md promises. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "inventory"))
class InventoryDescriptionTest extends DescriptionTest {
    @Test
    void keepsTheContractByWhichReplacementsAreJudged() {
        assertContractKept("inventory");
    }

    @Test
    void describesTheContractAndNoMore() {
        OpenApiContract.served(given().get("/q/openapi").asString())
                .operation("GET /products/{id}/inventory", 200, 400, 404, 503, 504)
                .operation("PUT /products/{id}/inventory", 200, 400, 409, 412, 415, 503, 504)
                .operation("GET /products/{id}/stock", 200, 400, 404, 409, 503, 504)
                .operation("GET /inventory", 200, 400, 503)
                .operation("PUT /reservations/{order_id}", 200, 201, 400, 409, 415, 503, 504)
                .operation("DELETE /reservations/{order_id}", 204, 400, 409, 503, 504)
                .operation("POST /reservations/{order_id}/commit", 204, 400, 409, 503, 504)
                .auditTrail()
                .operation("GET /ops/audit", 200, 503)
                .fields("GET /products/{id}/inventory 200", "inventory")
                .fields("PUT /products/{id}/inventory 200", "inventory")
                .fields("GET /products/{id}/stock 200", "on_hand", "reserved")
                .fields("GET /inventory 200", "product_id", "inventory", "reason")
                .fields("PUT /reservations/{order_id} 200", "order_id", "items")
                .fields("PUT /reservations/{order_id} 201", "order_id", "items")
                .fields(
                        "GET /ops/audit 200",
                        "consistent",
                        "products",
                        "on_hand",
                        "reserved",
                        "sold",
                        "held",
                        "committed",
                        "expired",
                        "released",
                        "findings")
                .assertAgrees();
    }

    @Test
    void describesTheBodyAsItIsRead() {
        given().get("/q/openapi?format=json")
                .then()
                .body("components.schemas.OnHand.properties.keySet()", contains("inventory"))
                .body("components.schemas.Items.properties.keySet()", contains("items"))
                .body("components.schemas.Item.properties.keySet()", containsInAnyOrder("product_id", "quantity"));
    }

    @Test
    void recordsWhoMovesStock() {
        setsLevel(null, 5, "none -> 5");
        setsLevel("\"5\"", 7, "5 -> 7");

        UUID order = UUID.randomUUID();
        given().contentType("application/json")
                .body("{\"items\":[{\"product_id\":64001,\"quantity\":2}]}")
                .put("/reservations/" + order)
                .then()
                .statusCode(201);
        assertOnRecord(
                by -> {
                    by.post("/reservations/" + order + "/commit").then().statusCode(204);
                    return "order " + order;
                },
                "stock-sold",
                null,
                "2 of product 64001");
        assertOnRecord(
                by -> {
                    by.delete("/reservations/" + order).then().statusCode(204);
                    return "order " + order;
                },
                "stock-returned",
                null,
                "2 of product 64001");
        given().delete("/reservations/" + order).then().statusCode(204);

        assertThat(given().get("/ops/trail?limit=500")
                        .jsonPath()
                        .getList("findAll { it.subject == 'order " + order + "' }.action"))
                .containsExactly("stock-returned", "stock-sold");
    }

    /** @param ifMatch null for a level that is set whatever it was */
    private void setsLevel(@Nullable String ifMatch, int level, String told) {
        assertOnRecord(
                by -> {
                    RequestSpecification request = ifMatch == null ? by : by.header("If-Match", ifMatch);
                    request.contentType("application/json")
                            .body("{\"inventory\":" + level + "}")
                            .put("/products/64001/inventory")
                            .then()
                            .statusCode(200);
                    return "product 64001";
                },
                "stock-set",
                null,
                told);
    }

    @Test
    void tellsItsMetricsOnTheManagementPortOnly() {
        given().get("/products/1/inventory").then().statusCode(200);

        given().get(management.resolve("/q/metrics"))
                .then()
                .statusCode(200)
                .body(containsString("http_server_requests_seconds"))
                .body(containsString("vitrina_audit_findings"))
                .body(containsString("vitrina_audit_age_seconds"));
        given().get("/q/metrics").then().statusCode(404);
    }
}
