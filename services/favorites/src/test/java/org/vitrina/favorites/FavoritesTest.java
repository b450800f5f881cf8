package org.vitrina.favorites;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vitrina.servers.PostgresServer;
import org.vitrina.testing.PostgresResource;
import org.vitrina.testing.Race;

/** Favorites on PostgreSQL. Each test has users of its own; 1 and 3 are the demo's and never changed. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "favorites"))
class FavoritesTest {
    private static final String PROBLEM = "application/problem+json";
    private static final List<String> NO_IDS =
            List.of("abc", "0", "-1", "2147483648", "1.5", "%20", "1e3", "99999999999999999999");

    @Test
    void hasTheSeedsFirstFavorites() {
        favorites(1).then().statusCode(200).contentType("application/json");
        assertThat(favorites(1).asString()).isEqualTo("[{\"product_id\":1},{\"product_id\":2},{\"product_id\":3}]");
        assertThat(favorites(3).asString()).isEqualTo("[{\"product_id\":1},{\"product_id\":2},{\"product_id\":3}]");
    }

    @Test
    void aUserWithoutFavoritesIsNotFound() {
        problem(favorites(2147483647), 404, "not-found");
    }

    @Test
    void addsAFavoriteAndTakesItAway() {
        done(add(101, 7));
        done(add(101, 3));
        assertThat(favorites(101).asString()).isEqualTo("[{\"product_id\":3},{\"product_id\":7}]");

        done(remove(101, 3));
        assertThat(favorites(101).asString()).isEqualTo("[{\"product_id\":7}]");

        done(remove(101, 7));
        problem(favorites(101), 404, "not-found");
    }

    @Test
    void theSameTwiceIsTheSameAsOnce() {
        done(add(102, 1));
        done(add(102, 1));
        assertThat(favorites(102).asString()).isEqualTo("[{\"product_id\":1}]");

        done(remove(102, 1));
        done(remove(102, 1));
        problem(favorites(102), 404, "not-found");
    }

    @Test
    void nothingOfAnErasedUserIsLeft() {
        done(add(131, 1));
        done(add(131, 2));
        done(add(132, 1));

        given().delete("/ops/users/131").then().statusCode(200).body("erased.favorites", equalTo(2));

        problem(favorites(131), 404, "not-found");
        favorites(132).then().statusCode(200);
        given().delete("/ops/users/131").then().statusCode(200).body("erased.favorites", equalTo(0));
    }

    @Test
    void usersDoNotShareFavorites() {
        done(add(103, 1));
        done(add(104, 1));
        done(remove(103, 1));

        assertThat(favorites(104).asString()).isEqualTo("[{\"product_id\":1}]");
    }

    @Test
    void refusesAUserThatIsNone() {
        for (String id : NO_IDS) {
            problem(send("GET", "/users/" + id + "/favorites"), 400, "bad-request");
            problem(send("PUT", "/users/" + id + "/favorites/1"), 400, "bad-request");
            problem(send("DELETE", "/users/" + id + "/favorites/1"), 400, "bad-request");
        }
    }

    @Test
    void refusesAProductThatIsNone() {
        for (String id : NO_IDS) {
            problem(send("PUT", "/users/105/favorites/" + id), 400, "bad-request");
            problem(send("DELETE", "/users/105/favorites/" + id), 400, "bad-request");
        }
    }

    @Test
    void acceptsATrailingSlash() {
        done(given().put("/users/106/favorites/1/"));
        assertThat(given().get("/users/106/favorites/").asString()).isEqualTo("[{\"product_id\":1}]");
        done(given().delete("/users/106/favorites/1/"));
        problem(favorites(106), 404, "not-found");
    }

    @Test
    void takesNoNoticeOfABody() {
        done(given().contentType("application/json").body("{\"any\":1}").put("/users/107/favorites/1"));
        done(given().contentType("text/plain").body("nonsense").put("/users/107/favorites/2"));
        assertThat(favorites(107).asString()).isEqualTo("[{\"product_id\":1},{\"product_id\":2}]");
    }

    @Test
    void nobodyKeepsAUsersAnswer() {
        for (Response answer :
                List.of(favorites(1), favorites(2147483647), send("GET", "/users/abc/favorites"), remove(108, 1))) {
            answer.then().header("Cache-Control", "private, no-store").header("Vary", "Authorization");
        }
    }

    @Test
    void refusesAFurtherFavoriteBeyondTheLimitButNotOneThatIsThere() {
        fill(110, 500);

        problem(add(110, 501), 409, "too-many-favorites");
        done(add(110, 500));
        assertThat(favorites(110).jsonPath().getList("product_id")).hasSize(500);

        done(remove(110, 1));
        done(add(110, 501));
    }

    @Test
    void noRacePassesTheLimit() {
        fill(111, 499);

        var answers = Race.of(16, i -> add(111, 1000 + i));

        assertThat(answers).extracting(Response::statusCode).containsOnly(204, 409);
        assertThat(answers).filteredOn(answer -> answer.statusCode() == 204).hasSize(1);
        assertThat(favorites(111).jsonPath().getList("product_id")).hasSize(500);
    }

    @Test
    void equalWritesAtOnceAllSucceed() {
        var answers = Race.of(32, i -> add(112, 1));

        assertThat(answers).extracting(Response::statusCode).containsOnly(204);
        assertThat(favorites(112).asString()).isEqualTo("[{\"product_id\":1}]");
    }

    @Test
    void writesAndRemovalsAtOnceAllSucceed() {
        for (int round = 0; round < 5; round++) {
            var answers = Race.of(32, i -> i % 2 == 0 ? add(113, 1 + i % 4) : remove(113, 1 + i % 4));

            assertThat(answers).extracting(Response::statusCode).containsOnly(204);
        }
    }

    @Test
    void answersInTimeWhilePostgresIsFrozenAndWellAfterwards() {
        done(add(114, 1));
        PostgresServer.shared().freeze();
        try {
            long start = System.nanoTime();
            problem(given().header("X-Request-Deadline-Ms", 300).get("/users/114/favorites"), 504, "timeout");
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(200), Duration.ofSeconds(2));
            problem(given().header("X-Request-Deadline-Ms", 300).put("/users/114/favorites/1"), 504, "timeout");
            // More than the pool has connections: none of them may stay lost when their callers have given up.
            var late = Race.of(
                    60,
                    i -> i % 2 == 0
                            ? given().header("X-Request-Deadline-Ms", 300).get("/users/114/favorites")
                            : given().header("X-Request-Deadline-Ms", 300).put("/users/114/favorites/1"));
            assertThat(late).extracting(Response::statusCode).isSubsetOf(503, 504);
        } finally {
            PostgresServer.shared().thaw();
        }

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(Race.of(60, i -> i % 2 == 0 ? favorites(114) : add(114, 1)))
                        .extracting(Response::statusCode)
                        .containsOnly(200, 204));
    }

    /** Whatever comes of one user's favorites from many sides, no two statements wait for each other. */
    @Test
    void additionsRemovalsAndErasuresAtOnceAllSucceed() {
        for (int round = 0; round < 5; round++) {
            var answers = Race.of(32, i -> switch (i % 4) {
                case 0 -> remove(116, 1 + i % 3);
                case 1 -> given().delete("/ops/users/116");
                default -> add(116, 1 + i % 3);
            });

            assertThat(answers).extracting(Response::statusCode).containsOnly(200, 204);
        }
    }

    @Test
    void saysUnavailableWhilePostgresIsAwayAndWorksOnceItIsBack() {
        done(add(115, 1));
        PostgresServer.shared().kill();
        try {
            problem(favorites(115), 503, "unavailable");
            favorites(115).then().header("Retry-After", notNullValue());
            problem(add(115, 2), 503, "unavailable");
            problem(remove(115, 1), 503, "unavailable");
        } finally {
            PostgresServer.shared().restart();
        }

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(favorites(115).asString()).isEqualTo("[{\"product_id\":1}]"));
    }

    private static Response favorites(int userId) {
        return given().get("/users/" + userId + "/favorites");
    }

    private static Response add(int userId, int productId) {
        return given().put("/users/" + userId + "/favorites/" + productId);
    }

    private static Response remove(int userId, int productId) {
        return given().delete("/users/" + userId + "/favorites/" + productId);
    }

    private static Response send(String method, String path) {
        return given().urlEncodingEnabled(false).request(method, path);
    }

    private static void fill(int userId, int products) {
        try (var connection = PostgresServer.shared().connect("favorites");
                var insert = connection.prepareStatement(
                        "INSERT INTO user_favorite SELECT ?, product_id FROM generate_series(1, ?) AS product_id")) {
            insert.setInt(1, userId);
            insert.setInt(2, products);
            insert.executeUpdate();
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void done(Response answer) {
        answer.then().statusCode(204);
        assertThat(answer.asString()).isEmpty();
    }

    private static void problem(Response answer, int status, String slug) {
        answer.then()
                .statusCode(status)
                .contentType(PROBLEM)
                .body("status", equalTo(status))
                .body("type", equalTo("urn:vitrina:problem:" + slug));
    }
}
