package org.vitrina.metrics;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.Mailbox;
import org.vitrina.testing.PostgresResource;

/** The packaged metrics, from outside. */
@QuarkusIntegrationTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "metrics"))
@WithTestResource(BrokerResource.class)
@WithTestResource(LogResource.class)
@SuppressWarnings("NullAway.Init") // set by the test resources
class MetricsIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    Mailbox mailbox;

    @Test
    void pairsTruthAndPrediction() {
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> mailbox.consumers("y_true") > 0 && mailbox.consumers("y_pred") > 0);
        mailbox.send("", "y_true", "m", "{\"id\":\"it\",\"value\":302}");
        mailbox.send("", "y_pred", "m", "{\"id\":\"it\",\"value\":300,\"features\":[1],\"model_version\":\"1\"}");

        await().atMost(SOON)
                .untilAsserted(() ->
                        given().get("/metrics/pairs").then().statusCode(200).body("id", hasItem("it")));
        given().get("/metrics/error").then().statusCode(200).body("last", equalTo(2.0f));
        given().get("/").then().statusCode(200).contentType("text/html");
    }

    @Test
    void tellsProblems() {
        given().get("/metrics/error?window=x")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:vitrina:problem:bad-request"));
    }
}
