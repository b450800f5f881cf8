package org.vitrina.features;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.OpenApiContract;

/** What features says of itself, and on which port. */
@QuarkusTest
@WithTestResource(BrokerResource.class)
class FeaturesDescriptionTest {
    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Test
    void describesTheContractAndNoMore() {
        OpenApiContract.served(given().get("/q/openapi").asString())
                .operation("GET /ops/generator", 200, 503)
                .fields("GET /ops/generator 200", "rows", "waiting", "last_id", "last_row")
                .assertAgrees();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q/health/live", "/q/health/ready", "/q/health/started"})
    void tellsItsHealthOnTheManagementPortOnly(String path) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> given().get(management.resolve(path)).then().statusCode(200));
        given().get(path).then().statusCode(404);
    }

    @Test
    void tellsItsMetricsOnTheManagementPortOnly() {
        String metrics = given().get(management.resolve("/q/metrics"))
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertThat(metrics).contains("vitrina_features_rows_total");
        given().get("/q/metrics").then().statusCode(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q/openapi", "/q/swagger-ui/"})
    void describesItselfOnTheHttpPortOnly(String path) {
        given().get(path).then().statusCode(200);
        given().get(management.resolve(path)).then().statusCode(404);
    }
}
