package org.vitrina.inventory;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.PostgresResource;

/** The packaged inventory, from outside. */
@QuarkusIntegrationTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "inventory"))
class InventoryIT {
    @BeforeEach
    void awaitStart() {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> given().get("/products/1/inventory").then().statusCode(200));
    }

    @Test
    void setsAndTellsLevels() {
        assertThat(given().contentType("application/json")
                        .body("{\"inventory\":9}")
                        .put("/products/2001/inventory")
                        .asString())
                .isEqualTo("{\"inventory\":9}");
        assertThat(given().get("/products/2001/inventory").asString()).isEqualTo("{\"inventory\":9}");
        assertThat(given().get("/inventory?product_ids=2002,2001").asString())
                .isEqualTo("[{\"product_id\":2002,\"inventory\":null,\"reason\":\"unknown\"},"
                        + "{\"product_id\":2001,\"inventory\":9}]");
    }

    @Test
    void keepsStockForAnOrderUntilItCommits() {
        given().contentType("application/json").body("{\"inventory\":9}").put("/products/2003/inventory");
        String reservation = "/reservations/" + UUID.randomUUID();
        given().contentType("application/json")
                .body("{\"items\":[{\"product_id\":2003,\"quantity\":2}]}")
                .put(reservation)
                .then()
                .statusCode(201);
        given().post(reservation + "/commit").then().statusCode(204);
        assertThat(given().get("/products/2003/inventory").asString()).isEqualTo("{\"inventory\":7}");
        given().delete(reservation).then().statusCode(204);
        assertThat(given().get("/products/2003/inventory").asString()).isEqualTo("{\"inventory\":9}");
        given().get("/ops/audit").then().statusCode(200).body("consistent", equalTo(true));
    }

    @Test
    void tellsProblems() {
        given().get("/products/abc/inventory")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:vitrina:problem:bad-request"));
        given().contentType("application/json")
                .body("{\"inventory\":-1}")
                .put("/products/2001/inventory")
                .then()
                .statusCode(400)
                .body("violations[0].field", equalTo("inventory"));
    }

    @Test
    void describesItself() {
        given().get("/q/openapi").then().statusCode(200);
        given().get("/q/swagger-ui/").then().statusCode(200);
        given().get("/q/health/ready").then().statusCode(404);
    }
}
