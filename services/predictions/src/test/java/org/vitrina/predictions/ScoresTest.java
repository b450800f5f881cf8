package org.vitrina.predictions;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.Mailbox;
import org.vitrina.testing.PostgresResource;
import org.vitrina.testing.Race;

/** Users' scores. Each test has users of its own. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "predictions"))
@WithTestResource(BrokerResource.class)
@SuppressWarnings("NullAway.Init") // set by the test resources
class ScoresTest {
    Mailbox mailbox;

    @BeforeEach
    void ready() {
        new Store(mailbox).awaitReady();
    }

    @Test
    void tellsTheDaysScoreElseTheMonths() {
        score("/users/501", "2021-03-01").then().statusCode(404);
        put("/users/501", "2021-03/", "0.5").then().statusCode(201);
        score("/users/501", "2021-03-01").then().statusCode(200);
        assertThat(score("/users/501", "2021-03-01").jsonPath().<String, Object>getMap(""))
                .isEqualTo(Map.of("user_id", 501, "period", "2021-03", "score", 0.5f));

        put("/users/501", "2021-03-01/", "0.99").then().statusCode(201);
        assertThat(score("/users/501", "2021-03-01").jsonPath().<String, Object>getMap(""))
                .isEqualTo(Map.of("user_id", 501, "period", "2021-03-01", "score", 0.99f));
        assertThat(score("/users/501", "2021-03-02").jsonPath().getDouble("score"))
                .isEqualTo(0.5);
        score("/users/501", "2021-04-01").then().statusCode(404);
        score("/users/502", "2021-03-01").then().statusCode(404);
    }

    @Test
    void nothingOfAnErasedUserIsLeft() {
        put("/users/541", "2021-03", "0.5").then().statusCode(201);
        put("/users/541", "2021-03-01", "0.6").then().statusCode(201);
        put("/users/542", "2021-03", "0.5").then().statusCode(201);

        given().delete("/ops/users/541").then().statusCode(200).body("erased.scores", equalTo(2));

        score("/users/541", "2021-03-01").then().statusCode(404);
        score("/users/542", "2021-03-01").then().statusCode(200);
        given().delete("/ops/users/541").then().statusCode(200).body("erased.scores", equalTo(0));
    }

    @Test
    void isMadeOnceAndReplacedThen() {
        assertThat(put("/users/503", "2021-03", "0.1").statusCode()).isEqualTo(201);
        Response again = put("/users/503", "2021-03", "0.2");
        again.then().statusCode(200).body("score", equalTo(0.2f));
        assertThat(put("/users/503", "2021-03", "0.2").statusCode()).isEqualTo(200);
        assertThat(score("/users/503", "2021-03-31").jsonPath().getDouble("score"))
                .isEqualTo(0.2);
    }

    @Test
    void hasAnAlias() {
        put("/user/504", "2021-03/", "0.3").then().statusCode(201);
        put("/users/504", "2021-03", "0.4").then().statusCode(200);
        assertThat(score("/user/504", "2021-03-05").asString())
                .isEqualTo(score("/users/504", "2021-03-05").asString());
    }

    @Test
    void ofManyWhoSetAScoreAtOnceOneMakesIt() {
        List<Integer> statuses =
                Race.of(16, i -> put("/users/505", "2021-03", "0." + (i + 1)).statusCode());

        assertThat(statuses).containsOnly(200, 201);
        assertThat(statuses).filteredOn(status -> status == 201).hasSize(1);
    }

    @Test
    void nobodyKeepsAUsersAnswer() {
        put("/users/506", "2021-03", "1")
                .then()
                .header("Cache-Control", "private, no-store")
                .header("Vary", "Authorization");
        for (String path : List.of("/users/506", "/user/506")) {
            score(path, "2021-03-01")
                    .then()
                    .header("Cache-Control", "private, no-store")
                    .header("Vary", "Authorization");
            score(path, "2020-03-01")
                    .then()
                    .header("Cache-Control", "private, no-store")
                    .header("Vary", "Authorization");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2021",
                "2021-3",
                "2021-13",
                "2021-00",
                "2021-02-30",
                "2021-03-1",
                "x",
                "0000-01",
                "2021-03-01T00"
            })
    void refusesAPeriodThatIsNone(String period) {
        problem(put("/users/507", period, "1"), 400, "bad-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"0.9\"", "null", "true", "[]", "{}", "1e999", "-1.7e308", "NaN", ""})
    void refusesAScoreThatIsNone(String score) {
        put("/users/508", "2021-03", score).then().statusCode(400).contentType("application/problem+json");
        score("/users/508", "2021-03-01").then().statusCode(404);
    }

    @Test
    void refusesWhatIsNoUserOrNoDay() {
        problem(score("/users/x", "2021-03-01"), 400, "bad-request");
        problem(put("/users/0", "2021-03", "1"), 400, "bad-request");
        problem(score("/users/509", "2021-03"), 400, "bad-request");
        problem(score("/users/509", "2021-02-29"), 400, "bad-request");
        problem(given().get("/users/509/score"), 400, "bad-request");
        given().contentType("text/plain")
                .body("1")
                .post("/users/509/score/2021-03")
                .then()
                .statusCode(415);
    }

    private static Response score(String user, String date) {
        return given().queryParam("date", date).get(user + "/score");
    }

    private static Response put(String user, String period, String score) {
        return given().contentType("application/json")
                .body("{\"score\":" + score + "}")
                .post(user + "/score/" + period);
    }

    private static void problem(Response answer, int status, String slug) {
        answer.then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:vitrina:problem:" + slug));
    }
}
