package org.vitrina.model;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.DescriptionTest;
import org.vitrina.testing.OpenApiContract;

/** What model says of itself, and on which port. */
@QuarkusTest
@WithTestResource(BrokerResource.class)
@WithTestResource(VersionsResource.class)
class ModelDescriptionTest extends DescriptionTest {
    @Test
    void describesTheContractAndNoMore() {
        OpenApiContract.served(given().get("/q/openapi").asString())
                .operation("GET /ops/model", 200, 503, 504)
                .operation("PUT /ops/model", 200, 400, 409, 503, 504)
                .operation("POST /ops/model/rollback", 200, 409, 503, 504)
                .operation("PUT /ops/models/{version}", 200, 201, 400, 408, 409, 413, 415, 503, 504)
                .fields("GET /ops/model 200", "serving", "previous", "available", "history", "failure")
                .assertAgrees();
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
}
