package org.vitrina.model;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vitrina.diabetes.Diabetes;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.Mailbox;
import org.vitrina.testing.Mailbox.Letter;

/** The packaged model, from outside. */
@QuarkusIntegrationTest
@WithTestResource(BrokerResource.class)
@WithTestResource(VersionsResource.class)
@SuppressWarnings("NullAway.Init") // set by the test resources
class ModelIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    Mailbox mailbox;

    @Test
    void predictsByTheVersionOfTheBuild() {
        await().atMost(SOON).ignoreExceptions().until(() -> mailbox.consumers("features") > 0);
        mailbox.send(
                "",
                "features",
                "m",
                "{\"id\":\"row-102\",\"features\":" + Diabetes.rows().get(102).features() + "}");

        List<Letter> answers = new ArrayList<>();
        await().atMost(SOON).until(() -> {
            answers.addAll(mailbox.take("y_pred"));
            return !answers.isEmpty();
        });
        var answer = JsonPath.from(answers.getFirst().body());
        assertThat(answer.getDouble("value")).isCloseTo(150.64748328, within(1e-5));
        given().get("/ops/model").then().statusCode(200).body("serving[0].version", equalTo("1"));
    }

    @Test
    void tellsProblems() {
        given().contentType("application/json")
                .body("{\"serving\":[{\"version\":\"9\",\"weight\":1}]}")
                .put("/ops/model")
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:vitrina:problem:model-refused"));
    }
}
