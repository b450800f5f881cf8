package org.vitrina.cart;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.PostgresResource;

/** The packaged cart, from outside. */
@QuarkusIntegrationTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "cart"))
class CartIT {
    @BeforeEach
    void awaitStart() {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> given().get("/users/1/cart").then().statusCode(200));
    }

    @Test
    void keepsACart() {
        given().contentType("application/json")
                .body("{\"quantity\":2}")
                .put("/users/201/cart/7")
                .then()
                .statusCode(204);
        assertThat(given().get("/users/201/cart").asString()).isEqualTo("[{\"product_id\":7,\"quantity\":2}]");
        given().delete("/users/201/cart").then().statusCode(204);
        assertThat(given().get("/users/201/cart").asString()).isEqualTo("[]");
        assertThat(given().get("/users/2/cart").jsonPath().getList("product_id", Integer.class))
                .containsExactly(1, 2, 5);
    }

    @Test
    void tellsProblems() {
        given().get("/users/abc/cart")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:vitrina:problem:bad-request"));
        given().contentType("application/json")
                .body("{\"quantity\":1000}")
                .put("/users/201/cart/7")
                .then()
                .statusCode(400)
                .body("violations[0].field", equalTo("quantity"));
    }

    @Test
    void describesItself() {
        given().get("/q/openapi").then().statusCode(200);
        given().get("/q/swagger-ui/").then().statusCode(200);
        given().get("/q/health/ready").then().statusCode(404);
    }
}
