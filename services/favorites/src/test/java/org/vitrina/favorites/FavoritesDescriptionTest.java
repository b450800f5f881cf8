package org.vitrina.favorites;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.OpenApiContract;
import org.vitrina.testing.PostgresResource;

/** What favorites says of itself, and on which port: its OpenAPI is what CONTRACTS promises. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "favorites"))
class FavoritesDescriptionTest {
    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Test
    void describesTheContractAndNoMore() {
        OpenApiContract.served(given().get("/q/openapi").asString())
                .operation("GET /users/{id}/favorites", 200, 400, 404, 503, 504)
                .operation("PUT /users/{id}/favorites/{product_id}", 204, 400, 409, 503, 504)
                .operation("DELETE /users/{id}/favorites/{product_id}", 204, 400, 503, 504)
                .fields("GET /users/{id}/favorites 200", "product_id")
                .assertAgrees();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q/health/live", "/q/health/ready", "/q/health/started"})
    void tellsItsHealthOnTheManagementPortOnly(String path) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> given().get(management.resolve(path)).then().statusCode(200));
        given().get(path).then().statusCode(404);
    }

    @Test
    void tellsItsMetricsOnTheManagementPortOnly() {
        given().get("/users/1/favorites").then().statusCode(200);

        given().get(management.resolve("/q/metrics"))
                .then()
                .statusCode(200)
                .body(containsString("http_server_requests_seconds"));
        given().get("/q/metrics").then().statusCode(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q/openapi", "/q/swagger-ui/"})
    void describesItselfOnTheHttpPortOnly(String path) {
        given().get(path).then().statusCode(200);
        given().get(management.resolve(path)).then().statusCode(404);
    }
}
