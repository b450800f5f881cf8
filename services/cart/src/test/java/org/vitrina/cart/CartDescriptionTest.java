package org.vitrina.cart;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.PostgresResource;

/** What cart says of itself, and on which port: its OpenAPI is what CONTRACTS promises. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "cart"))
class CartDescriptionTest {
    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Test
    void describesEveryOperationAndStatusOfTheContractAndNoOther() {
        JsonPath openApi = openApi();
        Map<String, Set<String>> operations = new TreeMap<>();
        Map<String, Map<String, ?>> paths = openApi.getMap("paths");
        paths.forEach((path, methods) -> methods.keySet()
                .forEach(method -> operations.put(
                        method + " " + path,
                        openApi.<String, Object>getMap("paths.'" + path + "'." + method + ".responses")
                                .keySet())));

        assertThat(operations)
                .isEqualTo(new TreeMap<>(Map.of(
                        "get /users/{id}/cart",
                        Set.of("200", "400", "503", "504"),
                        "delete /users/{id}/cart",
                        Set.of("204", "400", "503", "504"),
                        "put /users/{id}/cart/{product_id}",
                        Set.of("204", "400", "409", "415", "503", "504"),
                        "delete /users/{id}/cart/{product_id}",
                        Set.of("204", "400", "503", "504"))));
    }

    @Test
    void namesMembersAsTheyAreSent() {
        assertThat(members("CartLine")).containsExactlyInAnyOrder("product_id", "quantity");
        assertThat(members("Quantity")).containsExactlyInAnyOrder("quantity");
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
        given().get("/users/1/cart").then().statusCode(200);

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

    private static JsonPath openApi() {
        return given().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private static Set<String> members(String schema) {
        return openApi()
                .<String, Object>getMap("components.schemas." + schema + ".properties")
                .keySet();
    }
}
