package org.vitrina.favorites;

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

/** The packaged favorites, from outside. */
@QuarkusIntegrationTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "favorites"))
class FavoritesIT {
    @BeforeEach
    void awaitStart() {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> given().get("/users/1/favorites").then().statusCode(200));
    }

    @Test
    void keepsFavorites() {
        given().put("/users/201/favorites/7").then().statusCode(204);
        assertThat(given().get("/users/201/favorites").asString()).isEqualTo("[{\"product_id\":7}]");
        given().delete("/users/201/favorites/7").then().statusCode(204);
        given().get("/users/201/favorites")
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:vitrina:problem:not-found"));
        assertThat(given().get("/users/3/favorites").jsonPath().getList("product_id", Integer.class))
                .containsExactly(1, 2, 3);
    }

    @Test
    void tellsProblems() {
        given().get("/users/abc/favorites")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:vitrina:problem:bad-request"));
    }

    @Test
    void describesItself() {
        given().get("/q/openapi").then().statusCode(200);
        given().get("/q/swagger-ui/").then().statusCode(200);
        given().get("/q/health/ready").then().statusCode(404);
    }
}
