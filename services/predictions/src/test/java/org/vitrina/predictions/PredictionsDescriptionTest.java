package org.vitrina.predictions;

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

/** What predictions says of itself, and on which port: its OpenAPI is what docs/contracts.md promises. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "predictions"))
@WithTestResource(BrokerResource.class)
class PredictionsDescriptionTest extends DescriptionTest {
    private static final String[] PREDICTION = {"product_id", "value", "model_version", "valid_from"};
    private static final String[] SCORE = {"user_id", "period", "score"};
    private static final String[] PROGRESS = {"run", "state", "products", "sent", "answered", "started_at"};

    @Test
    void describesTheContractAndNoMore() {
        OpenApiContract.served(given().get("/q/openapi").asString())
                .operation("GET /predictions/product/{product_id}", 200, 304, 400, 404, 503, 504)
                .fields("GET /predictions/product/{product_id} 200", PREDICTION)
                .operation("GET /predictions/category/{category_id}", 200, 400, 503, 504)
                .fields("GET /predictions/category/{category_id} 200", PREDICTION)
                .operation("DELETE /predictions/product/{product_id}", 204, 400, 404, 503, 504)
                .operation("POST /predictions/requests", 202, 400, 409, 415, 422, 503, 504)
                .fields("POST /predictions/requests 202", "request_id", "status", "value", "model_version")
                .operation("GET /predictions/requests/{id}", 200, 400, 404, 503, 504)
                .fields("GET /predictions/requests/{id} 200", "request_id", "status", "value", "model_version")
                .operation("GET /predictions/requests/{id}/events", 200, 400, 404, 503, 504)
                .operation("GET /predictions/requests/events", 200, 400, 503, 504)
                .operation("GET /users/{id}/score", 200, 400, 404, 503, 504)
                .fields("GET /users/{id}/score 200", SCORE)
                .operation("POST /users/{id}/score/{period}", 200, 201, 400, 415, 503, 504)
                .fields("POST /users/{id}/score/{period} 201", SCORE)
                .operation("GET /user/{id}/score", 200, 400, 404, 503, 504)
                .fields("GET /user/{id}/score 200", SCORE)
                .operation("POST /user/{id}/score/{period}", 200, 201, 400, 415, 503, 504)
                .fields("POST /user/{id}/score/{period} 200", SCORE)
                .operation("GET /parameters/classifier/{id}", 200, 304, 400, 404, 503, 504)
                .fields("GET /parameters/classifier/{id} 200", "id", "L1", "L2")
                .operation("PATCH /parameters/classifier/{id}", 200, 201, 400, 412, 415, 503, 504)
                .fields("PATCH /parameters/classifier/{id} 200", "id", "L1", "L2")
                .operation("POST /ops/recompute", 202, 503, 504)
                .fields("POST /ops/recompute 202", PROGRESS)
                .operation("GET /ops/recompute", 200, 404, 503, 504)
                .fields("GET /ops/recompute 200", PROGRESS)
                .auditTrail()
                .operation("POST /ops/redrive", 200, 400, 409, 503, 504)
                .operation("DELETE /ops/users/{id}", 200, 400, 503, 504)
                .fields("DELETE /ops/users/{id} 200", "erased", "kept")
                .fields("POST /ops/redrive 200", "redriven")
                .assertAgrees();
    }

    @Test
    void recordsWhoSetsAClassifierAndRemovesPredictions() {
        assertOnRecord(
                by -> {
                    by.contentType("application/json")
                            .body("{\"L1\":0.5}")
                            .patch("/parameters/classifier/6401")
                            .then()
                            .statusCode(201);
                    return "classifier 6401";
                },
                "classifier-set",
                null,
                "L1 none -> 0.5");
        int product = Store.newProduct();
        Store.sql("INSERT INTO product (product_id, version, category_id, value, model_version, valid_from)"
                + " VALUES (" + product + ", 1, 64, 1, 'v', now())");
        assertOnRecord(
                by -> {
                    by.delete("/predictions/product/" + product).then().statusCode(204);
                    return "product " + product;
                },
                "predictions-removed",
                null,
                "");
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
                        "vitrina_outbox_depth",
                        "vitrina_outbox_age_seconds",
                        "vitrina_outbox_sent_total",
                        "vitrina_queue_parked",
                        "vitrina_predictions_answers_total",
                        "vitrina_predictions_changes_total");
        given().get("/q/metrics").then().statusCode(404);
    }
}
