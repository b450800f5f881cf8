package org.vitrina.features;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.DescriptionTest;
import org.vitrina.testing.OpenApiContract;

/** What features says of itself, and on which port. */
@QuarkusTest
@WithTestResource(BrokerResource.class)
class FeaturesDescriptionTest extends DescriptionTest {
    @Test
    void describesTheContractAndNoMore() {
        OpenApiContract.served(given().get("/q/openapi").asString())
                .operation("GET /ops/generator", 200, 503)
                .fields("GET /ops/generator 200", "rows", "waiting", "last_id", "last_row")
                .assertAgrees();
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
}
