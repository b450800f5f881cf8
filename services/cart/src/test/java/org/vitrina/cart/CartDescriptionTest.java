package org.vitrina.cart;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.DescriptionTest;
import org.vitrina.testing.OpenApiContract;
import org.vitrina.testing.PostgresResource;

/** What cart says of itself, and on which port: its OpenAPI is what docs/contracts.md promises. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "cart"))
class CartDescriptionTest extends DescriptionTest {
    @Test
    void keepsTheContractByWhichReplacementsAreJudged() {
        assertContractKept("cart");
    }

    @Test
    void describesTheContractAndNoMore() {
        OpenApiContract.served(given().get("/q/openapi").asString())
                .operation("GET /users/{id}/cart", 200, 400, 503, 504)
                .operation("DELETE /users/{id}/cart", 204, 400, 503, 504)
                .operation("DELETE /ops/users/{id}", 200, 400, 503, 504)
                .fields("DELETE /ops/users/{id} 200", "erased", "kept")
                .operation("PUT /users/{id}/cart/{product_id}", 204, 400, 409, 415, 503, 504)
                .operation("DELETE /users/{id}/cart/{product_id}", 204, 400, 503, 504)
                .fields("GET /users/{id}/cart 200", "product_id", "quantity")
                .assertAgrees();
    }

    @Test
    void describesTheBodyAsItIsRead() {
        given().get("/q/openapi?format=json")
                .then()
                .body("components.schemas.Quantity.properties.keySet()", contains("quantity"));
    }

    @Test
    void tellsItsMetricsOnTheManagementPortOnly() {
        given().get("/users/1/cart").then().statusCode(200);

        given().get(management.resolve("/q/metrics"))
                .then()
                .statusCode(200)
                .body(containsString("http_server_requests_seconds"));
        given().get("/q/metrics").then().statusCode(404);
    }
}
