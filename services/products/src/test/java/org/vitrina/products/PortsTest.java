package org.vitrina.products;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
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
    void tellsItsMetricsOnTheManagementPortOnly() {
        given().get("/products/1").then().statusCode(200);
        given().get(management.resolve("/q/metrics"))
                .then()
                .statusCode(200)
                .body(containsString("http_server_requests_seconds"));
        given().get("/q/metrics").then().statusCode(404);
    }
}
