package org.vitrina.notifications;

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

/** What notifications says of itself, and on which port: its OpenAPI is what docs/contracts.md promises. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "notifications"))
@WithTestResource(BrokerResource.class)
@WithTestResource(ProviderResource.class)
class NotificationsDescriptionTest extends DescriptionTest {
    @Test
    void keepsTheContractByWhichReplacementsAreJudged() {
        assertContractKept("notifications");
    }

    @Test
    void describesTheContractAndNoMore() {
        OpenApiContract.served(given().get("/q/openapi").asString())
                .operation("GET /users/{id}/notifications", 200, 400, 503, 504)
                .operation("GET /ops/audit", 200, 503, 504)
                .operation("POST /ops/redrive", 200, 400, 409, 503, 504)
                .operation("DELETE /ops/users/{id}", 200, 400, 409, 503)
                .fields("DELETE /ops/users/{id} 200", "erased", "kept")
                .operation("GET /ops/orders/{id}", 200, 400, 503, 504)
                .fields("GET /ops/orders/{id} 200", "messages")
                .operation("GET /ops/taken", 200, 400, 503, 504)
                .fields(
                        "GET /users/{id}/notifications 200",
                        "notification_id",
                        "type",
                        "order_id",
                        "text",
                        "state",
                        "reason",
                        "created_at",
                        "sent_at")
                .fields("GET /ops/audit 200", "consistent", "counts", "findings")
                .fields("POST /ops/redrive 200", "redriven")
                .fields("GET /ops/taken 200", "taken")
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
                        "vitrina_outbox_depth",
                        "vitrina_outbox_age_seconds",
                        "vitrina_outbox_sent_total",
                        "vitrina_outbox_failed_total",
                        "vitrina_queue_parked",
                        "vitrina_audit_findings",
                        "vitrina_notifications_waiting",
                        "vitrina_notifications_waiting_age_seconds");
        given().get("/q/metrics").then().statusCode(404);
    }
}
