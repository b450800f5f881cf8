package org.vitrina.cart;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.servers.PostgresServer;
import org.vitrina.testing.PostgresResource;
import org.vitrina.testing.Race;

/** Cart on PostgreSQL. Each test has users of its own; 1 and 2 are the demo's and never changed. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "cart"))
class CartTest {
    private static final String JSON = "application/json";
    private static final String PROBLEM = "application/problem+json";
    private static final List<String> NO_IDS =
            List.of("abc", "0", "-1", "2147483648", "1.5", "%20", "1e3", "99999999999999999999");

    @Test
    void hasTheSeedsFirstCarts() {
        cart(1).then().statusCode(200).contentType(JSON);
        assertThat(cart(1).asString())
                .isEqualTo("[{\"product_id\":1,\"quantity\":1},"
                        + "{\"product_id\":2,\"quantity\":1},{\"product_id\":3,\"quantity\":1}]");
        assertThat(cart(2).asString())
                .isEqualTo("[{\"product_id\":1,\"quantity\":1},"
                        + "{\"product_id\":2,\"quantity\":1},{\"product_id\":5,\"quantity\":1}]");
    }

    @Test
    void aUserWithoutACartHasAnEmptyOne() {
        cart(2147483647).then().statusCode(200);
        assertThat(cart(2147483647).asString()).isEqualTo("[]");
    }

    @Test
    void putsALineChangesItAndTakesItOut() {
        done(put(101, 7, 2));
        done(put(101, 3, 1));
        assertThat(cart(101).asString())
                .isEqualTo("[{\"product_id\":3,\"quantity\":1},{\"product_id\":7,\"quantity\":2}]");

        done(put(101, 7, 999));
        assertThat(cart(101).asString())
                .isEqualTo("[{\"product_id\":3,\"quantity\":1},{\"product_id\":7,\"quantity\":999}]");

        done(delete("/users/101/cart/3"));
        assertThat(cart(101).asString()).isEqualTo("[{\"product_id\":7,\"quantity\":999}]");
    }

    @Test
    void theSameTwiceIsTheSameAsOnce() {
        done(put(102, 1, 5));
        done(put(102, 1, 5));
        assertThat(cart(102).asString()).isEqualTo("[{\"product_id\":1,\"quantity\":5}]");

        done(delete("/users/102/cart/1"));
        done(delete("/users/102/cart/1"));
        done(delete("/users/102/cart"));
        done(delete("/users/102/cart"));
        assertThat(cart(102).asString()).isEqualTo("[]");
    }

    @Test
    void emptiesOneCartAndNoOther() {
        done(put(103, 1, 1));
        done(put(103, 2, 1));
        done(put(104, 1, 1));

        done(delete("/users/103/cart"));

        assertThat(cart(103).asString()).isEqualTo("[]");
        assertThat(cart(104).asString()).isEqualTo("[{\"product_id\":1,\"quantity\":1}]");
    }

    @Test
    void nothingOfAnErasedUserIsLeft() {
        put(141, 1, 2).then().statusCode(204);
        put(141, 2, 2).then().statusCode(204);
        put(142, 1, 2).then().statusCode(204);

        given().delete("/ops/users/141").then().statusCode(200).body("erased.lines", equalTo(2));

        assertThat(cart(141).asString()).isEqualTo("[]");
        assertThat(cart(142).asString()).isNotEqualTo("[]");
        given().delete("/ops/users/141").then().statusCode(200).body("erased.lines", equalTo(0));
    }

    @Test
    void refusesAUserThatIsNone() {
        for (String id : NO_IDS) {
            problem(send("GET", "/users/" + id + "/cart"), 400, "bad-request");
            problem(send("DELETE", "/users/" + id + "/cart"), 400, "bad-request");
            problem(send("DELETE", "/users/" + id + "/cart/1"), 400, "bad-request");
            problem(send("PUT", "/users/" + id + "/cart/1"), 400, "bad-request");
        }
    }

    @Test
    void refusesAProductThatIsNone() {
        for (String id : NO_IDS) {
            problem(send("DELETE", "/users/105/cart/" + id), 400, "bad-request");
            problem(send("PUT", "/users/105/cart/" + id), 400, "bad-request");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"quantity\":0}",
                "{\"quantity\":1000}",
                "{\"quantity\":-1}",
                "{\"quantity\":1.5}",
                "{\"quantity\":99999999999}",
                "{\"quantity\":\"2\"}",
                "{\"quantity\":true}",
                "{\"quantity\":null}",
                "{\"quantity\":[2]}",
                "{\"quantity\":{}}",
                "{}",
                "[]",
                "2",
                "null",
                "{\"quantity\":2",
                "nonsense",
                ""
            })
    void refusesAQuantityThatIsNoneAndChangesNothing(String body) {
        done(put(106, 1, 4));

        Response answer = given().contentType(JSON).body(body).put("/users/106/cart/1");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.contentType()).startsWith(PROBLEM);
        assertThat(cart(106).asString()).isEqualTo("[{\"product_id\":1,\"quantity\":4}]");
    }

    @Test
    void namesTheFieldThatIsWrong() {
        put(107, 1, 1000)
                .then()
                .statusCode(400)
                .body("type", equalTo("urn:vitrina:problem:validation"))
                .body("violations.field", equalTo(List.of("quantity")));
    }

    @Test
    void acceptsATrailingSlash() {
        done(given().contentType(JSON).body("{\"quantity\":2}").put("/users/108/cart/1/"));
        assertThat(given().get("/users/108/cart/").asString()).isEqualTo("[{\"product_id\":1,\"quantity\":2}]");
        done(delete("/users/108/cart/1/"));
        done(delete("/users/108/cart/"));
        assertThat(cart(108).asString()).isEqualTo("[]");
    }

    @Test
    void nobodyKeepsAUsersAnswer() {
        for (Response answer : List.of(cart(1), send("GET", "/users/abc/cart"), delete("/users/109/cart"))) {
            answer.then().header("Cache-Control", "private, no-store").header("Vary", "Authorization");
        }
    }

    @Test
    void aFullCartTakesNoFurtherLineButChangesThoseItHas() {
        fill(110, 500);

        problem(put(110, 501, 1), 409, "cart-full");
        done(put(110, 500, 9));
        assertThat(cart(110).jsonPath().getList("product_id")).hasSize(500);

        done(delete("/users/110/cart/1"));
        done(put(110, 501, 1));
    }

    @Test
    void noRacePassesTheLimit() {
        fill(111, 499);

        var answers = Race.of(16, i -> put(111, 1000 + i, 1));

        assertThat(answers).extracting(Response::statusCode).containsOnly(204, 409);
        assertThat(answers).filteredOn(answer -> answer.statusCode() == 204).hasSize(1);
        assertThat(cart(111).jsonPath().getList("product_id")).hasSize(500);
    }

    @Test
    void equalWritesAtOnceAllSucceed() {
        var answers = Race.of(32, i -> put(112, 1, 6));

        assertThat(answers).extracting(Response::statusCode).containsOnly(204);
        assertThat(cart(112).asString()).isEqualTo("[{\"product_id\":1,\"quantity\":6}]");
    }

    @Test
    void writesAndRemovalsAtOnceAllSucceed() {
        for (int round = 0; round < 5; round++) {
            var answers = Race.of(32, i -> switch (i % 4) {
                case 0 -> delete("/users/113/cart/1");
                case 1 -> delete("/users/113/cart");
                default -> put(113, 1, 1 + i);
            });

            assertThat(answers).extracting(Response::statusCode).containsOnly(204);
        }
        assertThat(cart(113).jsonPath().getList("product_id")).hasSizeBetween(0, 1);
    }

    @Test
    void answersInTimeWhilePostgresIsFrozenAndWellAfterwards() {
        done(put(114, 1, 1));
        PostgresServer.shared().freeze();
        try {
            long start = System.nanoTime();
            problem(given().header("X-Request-Deadline-Ms", 300).get("/users/114/cart"), 504, "timeout");
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(200), Duration.ofSeconds(2));
            problem(
                    given().header("X-Request-Deadline-Ms", 300)
                            .contentType(JSON)
                            .body("{\"quantity\":3}")
                            .put("/users/114/cart/1"),
                    504,
                    "timeout");
            // More than the pool has connections: none of them may stay lost when their callers have given up.
            var late = Race.of(
                    60,
                    i -> i % 2 == 0
                            ? given().header("X-Request-Deadline-Ms", 300).get("/users/114/cart")
                            : given().header("X-Request-Deadline-Ms", 300)
                                    .contentType(JSON)
                                    .body("{\"quantity\":3}")
                                    .put("/users/114/cart/1"));
            assertThat(late).extracting(Response::statusCode).isSubsetOf(503, 504);
        } finally {
            PostgresServer.shared().thaw();
        }

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(Race.of(60, i -> i % 2 == 0 ? cart(114) : put(114, 1, 2)))
                        .extracting(Response::statusCode)
                        .containsOnly(200, 204));
        assertThat(cart(114).asString()).isEqualTo("[{\"product_id\":1,\"quantity\":2}]");
    }

    @Test
    void saysUnavailableWhilePostgresIsAwayAndWorksOnceItIsBack() {
        done(put(115, 1, 1));
        PostgresServer.shared().kill();
        try {
            problem(cart(115), 503, "unavailable");
            cart(115).then().header("Retry-After", notNullValue());
            problem(put(115, 1, 2), 503, "unavailable");
            problem(delete("/users/115/cart/1"), 503, "unavailable");
            problem(delete("/users/115/cart"), 503, "unavailable");
        } finally {
            PostgresServer.shared().restart();
        }

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(cart(115).asString()).isEqualTo("[{\"product_id\":1,\"quantity\":1}]"));
    }

    private static Response cart(int userId) {
        return given().get("/users/" + userId + "/cart");
    }

    private static Response put(int userId, int productId, int quantity) {
        return given().contentType(JSON)
                .body("{\"quantity\":" + quantity + "}")
                .put("/users/" + userId + "/cart/" + productId);
    }

    private static Response delete(String path) {
        return given().delete(path);
    }

    private static Response send(String method, String path) {
        var request = given().urlEncodingEnabled(false);
        return (method.equals("PUT") ? request.contentType(JSON).body("{\"quantity\":1}") : request)
                .request(method, path);
    }

    private static void fill(int userId, int lines) {
        try (var connection = PostgresServer.shared().connect("cart");
                var insert = connection.prepareStatement(
                        "INSERT INTO user_cart SELECT ?, product_id, 1 FROM generate_series(1, ?) AS product_id")) {
            insert.setInt(1, userId);
            insert.setInt(2, lines);
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
