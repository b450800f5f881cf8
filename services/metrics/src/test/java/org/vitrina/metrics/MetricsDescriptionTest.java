package org.vitrina.metrics;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.DescriptionTest;
import org.vitrina.testing.OpenApiContract;
import org.vitrina.testing.PostgresResource;

/** What metrics says of itself, and on which port. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "metrics"))
@WithTestResource(BrokerResource.class)
@WithTestResource(LogResource.class)
class MetricsDescriptionTest extends DescriptionTest {
    @Test
    void describesTheContractAndNoMore() {
        OpenApiContract.served(given().get("/q/openapi").asString())
                .operation("GET /metrics/pairs", 200, 400, 503, 504)
                .operation("GET /metrics/error", 200, 400, 503, 504)
                .operation("GET /", 200, 400, 503, 504)
                .fields(
                        "GET /metrics/pairs 200",
                        "position",
                        "id",
                        "truth",
                        "prediction",
                        "model_version",
                        "features",
                        "paired_at")
                .fields(
                        "GET /metrics/error 200",
                        "window",
                        "until",
                        "pairs",
                        "last",
                        "mean",
                        "moving_mean",
                        "histogram",
                        "versions",
                        "over_time")
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
                        "unpaired_total",
                        "vitrina_metrics_pairs",
                        "vitrina_metrics_waiting",
                        "vitrina_metrics_partnerless_total",
                        "vitrina_metrics_error_last",
                        "vitrina_metrics_error_mean",
                        "vitrina_metrics_error_moving_mean");
        given().get("/q/metrics").then().statusCode(404);
    }
}
