package org.vitrina.predictions;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.Mailbox;
import org.vitrina.testing.PostgresResource;
import org.vitrina.testing.Race;

/** Classifiers' parameters. Each test has classifiers of its own. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "predictions"))
@WithTestResource(BrokerResource.class)
@SuppressWarnings("NullAway.Init") // set by the test resources
class ClassifierTest {
    private static int next = 100;

    Mailbox mailbox;

    @BeforeEach
    void ready() {
        new Store(mailbox).awaitReady();
    }

    @Test
    void keepsWhatAPatchNames() {
        int id = next++;
        problem(get(id), 404, "not-found");

        Response made = patch(id, "{\"L1\":0.99,\"L2\":0.98}", null);
        made.then().statusCode(201).header("ETag", "\"1\"");
        assertThat(made.asString()).isEqualTo("{\"id\":" + id + ",\"L1\":0.99,\"L2\":0.98}");
        assertThat(get(id).asString()).isEqualTo(made.asString());
        get(id).then().statusCode(200).header("ETag", "\"1\"").header("Cache-Control", "no-cache");

        patch(id, "{\"L1\":0.5}", null)
                .then()
                .statusCode(200)
                .header("ETag", "\"2\"")
                .body("L1", equalTo(0.5f))
                .body("L2", equalTo(0.98f));
        patch(id, "{\"L2\":null}", null).then().statusCode(200).header("ETag", "\"3\"");
        assertThat(get(id).asString()).isEqualTo("{\"id\":" + id + ",\"L1\":0.5}");
        patch(id, "{\"L1\":0.5,\"other\":1}", null).then().statusCode(200).header("ETag", "\"3\"");
        for (String known : new String[] {"\"3\"", "*"}) {
            given().header("If-None-Match", known)
                    .get("/parameters/classifier/" + id)
                    .then()
                    .statusCode(304);
        }
    }

    @Test
    void honoursIfMatch() {
        int id = next++;
        problem(patch(id, "{\"L1\":1}", "*"), 412, "precondition-failed");
        problem(get(id), 404, "not-found");
        patch(id, "{\"L1\":1}", null).then().statusCode(201);

        Response refused = patch(id, "{\"L1\":2}", "\"7\", W/\"1\"");
        problem(refused, 412, "precondition-failed");
        assertThat(refused.header("ETag")).isEqualTo("\"1\"");
        patch(id, "{\"L1\":2}", "\"7\", \"1\"").then().statusCode(200).header("ETag", "\"2\"");
        patch(id, "{\"L1\":3}", "*").then().statusCode(200).header("ETag", "\"3\"");
    }

    @RepeatedTest(5)
    void ofManyWhoSawTheSameVersionOneWins() {
        int id = next++;
        patch(id, "{\"L1\":1,\"L2\":1}", null).then().statusCode(201);

        List<Integer> statuses =
                Race.of(12, i -> patch(id, "{\"L1\":" + (i + 2) + "}", "\"1\"").statusCode());

        assertThat(Collections.frequency(statuses, 200)).as("%s", statuses).isEqualTo(1);
        assertThat(Collections.frequency(statuses, 412)).as("%s", statuses).isEqualTo(11);
        assertThat(get(id).jsonPath().getDouble("L1")).isEqualTo(statuses.indexOf(200) + 2.0);
    }

    @RepeatedTest(3)
    void ofManyFirstPatchesOneMakesItAndNoneIsLost() {
        int id = next++;

        List<Integer> statuses = Race.of(12, i -> patch(id, i % 2 == 0 ? "{\"L1\":7}" : "{\"L2\":8}", null)
                .statusCode());

        assertThat(Collections.frequency(statuses, 201)).as("%s", statuses).isEqualTo(1);
        assertThat(statuses).containsOnly(200, 201);
        assertThat(get(id).asString()).isEqualTo("{\"id\":" + id + ",\"L1\":7.0,\"L2\":8.0}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "x",
                "{\"L1\":\"1\"}",
                "{\"L1\":-1}",
                "{\"L1\":true}",
                "{\"L2\":1e999}",
                "{\"L2\":1.7e308}",
                "{\"L2\":[1]}"
            })
    void refusesAPatchThatIsNone(String patch) {
        int id = next++;
        patch(id, patch, null).then().statusCode(400).contentType("application/problem+json");
        problem(get(id), 404, "not-found");
    }

    @Test
    void refusesAnIdOrATypeThatIsNone() {
        problem(given().get("/parameters/classifier/x"), 400, "bad-request");
        given().contentType("text/plain")
                .body("{}")
                .patch("/parameters/classifier/1")
                .then()
                .statusCode(415);
        given().contentType("application/json")
                .body("{\"L1\":1}")
                .patch("/parameters/classifier/" + next++ + "/")
                .then()
                .statusCode(201);
    }

    private static Response get(int id) {
        return given().get("/parameters/classifier/" + id);
    }

    private static Response patch(int id, String patch, @Nullable String ifMatch) {
        var request = given().contentType("application/merge-patch+json").body(patch);
        return (ifMatch == null ? request : request.header("If-Match", ifMatch))
                .patch("/parameters/classifier/" + id + "/");
    }

    private static void problem(Response answer, int status, String slug) {
        answer.then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:vitrina:problem:" + slug));
    }
}
