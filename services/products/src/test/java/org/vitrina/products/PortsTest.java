package org.vitrina.products;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.DescriptionTest;
import org.vitrina.testing.PostgresResource;

/** What is served where. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "products"))
class PortsTest extends DescriptionTest implements Started {
    @Test
    void keepsTheContractByWhichReplacementsAreJudged() {
        assertContractKept("products");
    }

    @Test
    void recordsWhoChangesTheCatalogue() {
        AtomicInteger id = new AtomicInteger();
        assertOnRecord(
                by -> {
                    id.set(by.contentType("application/json")
                            .body("{\"product_name\":\"Чайник\",\"price\":\"10\",\"category_id\":4700}")
                            .post("/products/")
                            .then()
                            .statusCode(201)
                            .extract()
                            .path("product_id"));
                    return "product " + id;
                },
                "product-made",
                null,
                "name none -> Чайник; price none -> 10.00; category none -> 4700");
        assertOnRecord(
                by -> {
                    by.header("Content-Type", ProductResource.MERGE_PATCH)
                            .body("{\"price\":\"12\",\"features\":[1,2,3,4,5,6,7,8,9,10]}")
                            .patch("/products/" + id)
                            .then()
                            .statusCode(200);
                    return "product " + id;
                },
                "product-changed",
                null,
                "price 10.00 -> 12.00; features");
        assertOnRecord(
                by -> {
                    by.delete("/products/" + id).then().statusCode(204);
                    return "product " + id;
                },
                "product-removed",
                null,
                "name Чайник -> none; price 12.00 -> none; category 4700 -> none; features");
    }

    @Test
    void tellsItsMetricsOnTheManagementPortOnly() {
        given().get("/products/1").then().statusCode(200);
        given().get(management.resolve("/q/metrics"))
                .then()
                .statusCode(200)
                .body(containsString("http_server_requests_seconds"));
        given().get("/q/metrics").then().statusCode(404);
    }
}
