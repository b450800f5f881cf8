package org.vitrina.model;

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

/** What model says of itself, and on which port. */
@QuarkusTest
@WithTestResource(BrokerResource.class)
@WithTestResource(VersionsResource.class)
class ModelDescriptionTest {
    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Test
    void describesTheContractAndNoMore() {
        OpenApiContract.served(given().get("/q/openapi").asString())
                .operation("GET /ops/model", 200, 503, 504)
                .operation("PUT /ops/model", 200, 400, 409, 503, 504)
                .operation("POST /ops/model/rollback", 200, 409, 503, 504)
                .fields("GET /ops/model 200", "serving", "previous", "available", "failure")
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
        assertThat(metrics)
                .contains(
                        "vitrina_stream_messages_total",
                        "vitrina_stream_lag",
                        "vitrina_stream_under_way",
                        "vitrina_model_refused_total");
        given().get("/q/metrics").then().statusCode(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q/openapi", "/q/swagger-ui/"})
    void describesItselfOnTheHttpPortOnly(String path) {
        given().get(path).then().statusCode(200);
        given().get(management.resolve(path)).then().statusCode(404);
    }
}
