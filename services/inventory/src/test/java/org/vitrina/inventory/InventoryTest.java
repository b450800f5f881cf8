package org.vitrina.inventory;

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
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.servers.PostgresServer;
import org.vitrina.testing.PostgresResource;
import org.vitrina.testing.Race;

/** Inventory in its real mode, on PostgreSQL. Each test has products of its own; those up to 200 are the demo's. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "inventory"))
class InventoryTest {
    private static final String JSON = "application/json";
    private static final String PROBLEM = "application/problem+json";

    @Test
    void tellsTheLevelOfAProduct() {
        setOnHand(1001, 57);

        given().get("/products/1001/inventory").then().statusCode(200).contentType(JSON);
        assertThat(level(1001).asString()).isEqualTo("{\"inventory\":57}");
    }

    @Test
    void tellsOnHandLessReserved() {
        setOnHand(1002, 10);
        reserve(1002, 4);

        assertThat(level(1002).asString()).isEqualTo("{\"inventory\":6}");
        assertThat(batch("1002").asString()).isEqualTo("[{\"product_id\":1002,\"inventory\":6}]");
    }

    @Test
    void knowsNoLevelOfAnUnknownProduct() {
        problem(level(2147483647), 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "0", "-1", "2147483648", "1.5", "%20", "1e3", "99999999999999999999"})
    void refusesAProductIdThatIsNone(String id) {
        problem(given().urlEncodingEnabled(false).get("/products/" + id + "/inventory"), 400, "bad-request");
        problem(
                given().urlEncodingEnabled(false)
                        .contentType(JSON)
                        .body("{\"inventory\":1}")
                        .put("/products/" + id + "/inventory"),
                400,
                "bad-request");
    }

    @Test
    void answersABatchInTheOrderAskedAndAProductAskedTwiceTwice() {
        setOnHand(1003, 3);
        setOnHand(1004, 0);

        assertThat(batch("1004,999999,1003,1004").asString())
                .isEqualTo("[{\"product_id\":1004,\"inventory\":0},"
                        + "{\"product_id\":999999,\"inventory\":null,\"reason\":\"unknown\"},"
                        + "{\"product_id\":1003,\"inventory\":3},"
                        + "{\"product_id\":1004,\"inventory\":0}]");
    }

    @Test
    void takesARepeatedBatchParameterAsOneList() {
        setOnHand(1005, 5);
        setOnHand(1006, 6);

        assertThat(given().get("/inventory?product_ids=1006&product_ids=1005").asString())
                .isEqualTo("[{\"product_id\":1006,\"inventory\":6},{\"product_id\":1005,\"inventory\":5}]");
    }

    @Test
    void answersABatchOf500AndRefusesOneOf501() {
        List<Integer> answered = batch(idsUpTo(500)).jsonPath().getList("product_id");
        assertThat(answered).isEqualTo(IntStream.rangeClosed(1, 500).boxed().toList());
        problem(batch(idsUpTo(501)), 400, "bad-request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?product_ids=",
                "?product_ids=1,",
                "?product_ids=,1",
                "?product_ids=1,,2",
                "?product_ids=a",
                "?product_ids=1,0",
                "?product_ids=1,-2",
                "?product_ids=2147483648",
                "?product_ids=1%202",
                "?ids=1",
                ""
            })
    void refusesABatchThatIsNoListOfIds(String query) {
        problem(given().urlEncodingEnabled(false).get("/inventory" + query), 400, "bad-request");
    }

    @Test
    void setsWhatIsOnHandAndAnswersWhatCanBeSold() {
        assertThat(setOnHand(1007, 100).asString()).isEqualTo("{\"inventory\":100}");
        reserve(1007, 30);

        assertThat(setOnHand(1007, 50).asString()).isEqualTo("{\"inventory\":20}");
        assertThat(setOnHand(1007, 30).asString()).isEqualTo("{\"inventory\":0}");
        assertThat(level(1007).asString()).isEqualTo("{\"inventory\":0}");
    }

    @Test
    void tellsWhatIsOnHandWithItsTagAndCountsAnewOnlyOnThat() {
        setOnHand(1060, 60);
        reserve(1060, 20);

        Response stock = given().get("/products/1060/stock");
        assertThat(stock.asString()).isEqualTo("{\"on_hand\":60,\"reserved\":20}");
        assertThat(stock.header("ETag")).isEqualTo("\"60\"");

        Response counted = put(1060, "{\"inventory\":70}", "\"60\"");
        assertThat(counted.asString()).isEqualTo("{\"inventory\":50}");
        assertThat(counted.header("ETag")).isEqualTo("\"70\"");
        Response late = put(1060, "{\"inventory\":5}", "\"60\"");
        problem(late, 412, "precondition-failed");
        assertThat(late.header("ETag")).isEqualTo("\"70\"");
        problem(put(1060, "{\"inventory\":19}", "\"70\""), 409, "below-reserved");
        problem(put(1061, "{\"inventory\":19}", "*"), 412, "precondition-failed");
        problem(given().get("/products/1061/stock"), 404, "not-found");
        assertThat(given().get("/products/1060/stock").asString()).isEqualTo("{\"on_hand\":70,\"reserved\":20}");
    }

    @Test
    void ofTwoWhoCountAtOnceOneIsTold() {
        setOnHand(1062, 1);
        var counts = IntStream.rangeClosed(1, 8)
                .mapToObj(count ->
                        CompletableFuture.supplyAsync(() -> put(1062, "{\"inventory\":" + (100 + count) + "}", "\"1\"")
                                .statusCode()))
                .toList();

        assertThat(counts.stream().map(CompletableFuture::join).sorted())
                .containsExactly(200, 412, 412, 412, 412, 412, 412, 412);
    }

    @Test
    void setsTheLargestStock() {
        assertThat(setOnHand(1008, Integer.MAX_VALUE).asString()).isEqualTo("{\"inventory\":2147483647}");
        assertThat(setOnHand(1008, 0).asString()).isEqualTo("{\"inventory\":0}");
    }

    @Test
    void refusesToSetLessThanIsReserved() {
        setOnHand(1009, 10);
        reserve(1009, 8);

        problem(put(1009, "{\"inventory\":7}"), 409, "below-reserved");
        assertThat(level(1009).asString()).isEqualTo("{\"inventory\":2}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"inventory\":-1}",
                "{\"inventory\":1.5}",
                "{\"inventory\":2147483648}",
                "{\"inventory\":\"5\"}",
                "{\"inventory\":true}",
                "{\"inventory\":null}",
                "{\"inventory\":[5]}",
                "{\"inventory\":{}}",
                "{}",
                "[]",
                "5",
                "null",
                "{\"inventory\":5",
                "nonsense",
                ""
            })
    void refusesAStockThatIsNoneAndChangesNothing(String body) {
        setOnHand(1010, 11);

        Response answer = put(1010, body);

        assertThat(answer.statusCode()).as(body).isEqualTo(400);
        assertThat(answer.contentType()).startsWith(PROBLEM);
        assertThat(level(1010).asString()).isEqualTo("{\"inventory\":11}");
    }

    @Test
    void namesTheFieldThatIsWrong() {
        put(1011, "{\"inventory\":-1}")
                .then()
                .statusCode(400)
                .body("type", equalTo("urn:vitrina:problem:validation"))
                .body("violations.field", equalTo(List.of("inventory")));
    }

    @Test
    void acceptsATrailingSlash() {
        setOnHand(1012, 12);

        assertThat(given().get("/products/1012/inventory/").asString()).isEqualTo("{\"inventory\":12}");
        assertThat(given().get("/inventory/?product_ids=1012").asString())
                .isEqualTo("[{\"product_id\":1012,\"inventory\":12}]");
        assertThat(given().contentType(JSON)
                        .body("{\"inventory\":13}")
                        .put("/products/1012/inventory/")
                        .asString())
                .isEqualTo("{\"inventory\":13}");
    }

    @Test
    void hasLevelsForTheDemoCatalogue() {
        List<Integer> levels = batch(idsUpTo(200)).jsonPath().getList("inventory");

        assertThat(levels).hasSize(200).doesNotContainNull();
        assertThat(levels).filteredOn(level -> level == 0).hasSize(8);
        assertThat(levels).filteredOn(level -> level > 0 && level <= 3).hasSize(18);
        assertThat(levels.subList(0, 5)).allSatisfy(level -> assertThat(level).isPositive());
    }

    @Test
    void equalWritesAtOnceAllSucceed() {
        var answers = Race.of(32, i -> put(1013, "{\"inventory\":21}"));

        assertThat(answers).extracting(Response::statusCode).containsOnly(200);
        assertThat(level(1013).asString()).isEqualTo("{\"inventory\":21}");
    }

    @Test
    void noRaceSetsLessThanIsReserved() {
        setOnHand(1014, 100);

        var answers = Race.of(32, i -> {
            if (i == 16) {
                assertThat(tryToReserve(1014, 50).statusCode()).isIn(201, 409);
            }
            return put(1014, "{\"inventory\":" + (i % 2 == 0 ? 49 : 60) + "}");
        });

        assertThat(answers).extracting(Response::statusCode).containsAnyOf(200).isSubsetOf(200, 409);
    }

    @Test
    void answersInTimeWhilePostgresIsFrozenAndWellAfterwards() {
        setOnHand(1015, 15);
        PostgresServer.shared().freeze();
        try {
            long start = System.nanoTime();
            Response answer = given().header("X-Request-Deadline-Ms", 300).get("/inventory?product_ids=1015,1,999999");
            assertThat(answer.header("X-Request-Deadline-Exceeded")).isEqualTo("true");
            Duration took = Duration.ofNanos(System.nanoTime() - start);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.asString())
                    .isEqualTo("[{\"product_id\":1015,\"inventory\":null,\"reason\":\"timeout\"},"
                            + "{\"product_id\":1,\"inventory\":null,\"reason\":\"timeout\"},"
                            + "{\"product_id\":999999,\"inventory\":null,\"reason\":\"timeout\"}]");
            assertThat(took).isBetween(Duration.ofMillis(200), Duration.ofSeconds(2));
            problem(given().header("X-Request-Deadline-Ms", 300).get("/products/1015/inventory"), 504, "timeout");
            problem(
                    given().header("X-Request-Deadline-Ms", 300)
                            .contentType(JSON)
                            .body("{\"inventory\":15}")
                            .put("/products/1015/inventory"),
                    504,
                    "timeout");
            // More than the pool has connections: none of them may stay lost when their callers have given up.
            var late = Race.of(60, i -> given().header("X-Request-Deadline-Ms", 300)
                    .get(i % 2 == 0 ? "/inventory?product_ids=1015" : "/products/1015/inventory"));
            assertThat(late).extracting(Response::statusCode).containsOnly(200, 504);
        } finally {
            PostgresServer.shared().thaw();
        }

        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(Race.of(60, i -> level(1015)))
                .extracting(Response::asString)
                .containsOnly("{\"inventory\":15}"));
    }

    @Test
    void saysUnavailableWhilePostgresIsAwayAndWorksOnceItIsBack() {
        setOnHand(1016, 16);
        PostgresServer.shared().kill();
        try {
            problem(level(1016), 503, "unavailable");
            level(1016).then().header("Retry-After", notNullValue());
            problem(batch("1016"), 503, "unavailable");
            problem(put(1016, "{\"inventory\":1}"), 503, "unavailable");
        } finally {
            PostgresServer.shared().restart();
        }

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(level(1016).asString()).isEqualTo("{\"inventory\":16}"));
    }

    private static Response level(int productId) {
        return given().get("/products/" + productId + "/inventory");
    }

    private static Response batch(String productIds) {
        return given().get("/inventory?product_ids=" + productIds);
    }

    private static Response put(int productId, String body) {
        return given().contentType(JSON).body(body).put("/products/" + productId + "/inventory");
    }

    private static Response put(int productId, String body, String ifMatch) {
        return given().contentType(JSON)
                .header("If-Match", ifMatch)
                .body(body)
                .put("/products/" + productId + "/inventory");
    }

    private static Response setOnHand(int productId, int onHand) {
        Response answer = put(productId, "{\"inventory\":" + onHand + "}");
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer;
    }

    private static void reserve(int productId, int quantity) {
        assertThat(tryToReserve(productId, quantity).statusCode()).isEqualTo(201);
    }

    private static Response tryToReserve(int productId, int quantity) {
        return given().contentType(JSON)
                .body("{\"items\":[{\"product_id\":" + productId + ",\"quantity\":" + quantity + "}]}")
                .put("/reservations/" + UUID.randomUUID());
    }

    private static void problem(Response answer, int status, String slug) {
        answer.then()
                .statusCode(status)
                .contentType(PROBLEM)
                .body("status", equalTo(status))
                .body("type", equalTo("urn:vitrina:problem:" + slug));
    }

    private static String idsUpTo(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }
}
