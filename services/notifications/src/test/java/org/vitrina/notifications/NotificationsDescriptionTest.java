package org.vitrina.notifications;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.ResourceArg;
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
import org.vitrina.testing.PostgresResource;

/** What notifications says of itself, and on which port: its OpenAPI is what CONTRACTS promises. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "notifications"))
@WithTestResource(BrokerResource.class)
@WithTestResource(ProviderResource.class)
class NotificationsDescriptionTest {
    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Test
    void describesTheContractAndNoMore() {
        OpenApiContract.served(given().get("/q/openapi").asString())
                .operation("GET /users/{id}/notifications", 200, 400, 503, 504)
                .operation("GET /ops/audit", 200, 503, 504)
                .operation("POST /ops/redrive", 200, 400, 503, 504)
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

    @ParameterizedTest
    @ValueSource(strings = {"/q/openapi", "/q/swagger-ui/"})
    void describesItselfOnTheHttpPortOnly(String path) {
        given().get(path).then().statusCode(200);
        given().get(management.resolve(path)).then().statusCode(404);
    }
}
