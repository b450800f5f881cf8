package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.http.FakeService;

@QuarkusTest
class ShopPageTest extends ShopPageSuite {
    @ParameterizedTest
    @ValueSource(strings = {"/products/all", "/products/all/", "/products/all?user_id=3"})
    void putsThePageTogether(String path) {
        Shop.Answer answer = shop.get(path).is(200);

        assertThat(answer.body()).isEqualTo(WELL);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.header("Cache-Control")).isEqualTo("private, no-store");
        assertThat(answer.header("Vary")).isEqualTo("Authorization");
        assertThat(answer.headers().firstValue("Link")).isEmpty();
    }

    @Test
    void makesFourCallsAndInventoryIsOneOfThem() {
        shop.get("/products/all").is(200);

        assertThat(targets(behind.products())).containsExactly("/products");
        assertThat(targets(behind.inventory())).containsExactly("/inventory?product_ids=1,2,3");
        assertThat(targets(behind.favorites())).containsExactly("/users/3/favorites");
        assertThat(targets(behind.cart())).containsExactly("/users/3/cart");
    }

    @Test
    void asksProductsCartAndFavoritesTogetherAndInventoryAfterProducts() {
        CountDownLatch open = new CountDownLatch(1);
        behind.products().answer(Backs.page(1, 2, 3).when(open));
        var answer = shop.start("GET", "/products/all", null);
        await().until(() -> behind.products().count() == 1
                && behind.cart().count() == 1
                && behind.favorites().count() == 1);
        assertThat(behind.inventory().count()).isZero();

        open.countDown();

        assertThat(answer.join().body()).isEqualTo(WELL);
    }

    @Test
    void favoritesAskedForAUserWithoutAnyAreNone() {
        Shop.Answer answer = shop.get("/products/all?user_id=8").is(200);

        assertThat(answer.json().getInteger("favorite_items")).isZero();
        assertThat(answer.degraded()).isEqualTo("[]");
        assertThat(targets(behind.favorites())).containsExactly("/users/8/favorites");
        assertThat(targets(behind.cart())).containsExactly("/users/8/cart");
    }

    @Test
    void anEmptyCartIsNoneAndAnEmptyCatalogueAsksNoInventory() {
        behind.cart().answer(Answer.json("[]"));
        behind.products().answer(Answer.json("[]"));

        assertThat(shop.get("/products/all").is(200).body())
                .isEqualTo("{\"cart_items\":0,\"favorite_items\":3,\"products\":[],\"degraded\":[]}");
        assertThat(behind.inventory().count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user_id=",
                "user_id=&limit=2",
                "user_id=0",
                "user_id=-1",
                "user_id=abc",
                "user_id=2147483648",
                "user_id=1.5",
                "user_id=%203",
                "limit=0",
                "limit=501",
                "limit=many",
                "after=0",
                "after=x",
                "category_id=0",
                "category_id=2147483648"
            })
    void refusesBadParametersAndAsksNobody(String query) {
        Shop.Answer answer = shop.get("/products/all?" + query).is(400);

        JsonObject problem = answer.json();
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(problem.getString("type")).isEqualTo("urn:vitrina:problem:bad-request");
        assertThat(problem.getInteger("status")).isEqualTo(400);
        assertThat(problem.getString("detail"))
                .startsWith(query.substring(0, query.indexOf('=')) + " must be a whole number from 1 to ");
        assertThat(problem.getString("error")).isEqualTo(problem.getString("detail"));
        assertThat(problem.getString("trace_id")).isEqualTo(answer.header("X-Request-Id"));
        assertThat(behind.all())
                .allSatisfy(service -> assertThat(service.count()).isZero());
    }

    @Test
    void passesTheQueryThroughAndLinksToTheNextPage() {
        Shop.Answer answer =
                shop.get("/products/all?limit=2&after=10&category_id=1").is(200);

        assertThat(targets(behind.products())).containsExactly("/products?limit=2&after=10&category_id=1");
        assertThat(targets(behind.inventory())).containsExactly("/inventory?product_ids=11,12");
        assertThat(answer.header("Link")).isEqualTo("</products/all?limit=2&after=12&category_id=1>; rel=\"next\"");
        assertThat(answer.json().getJsonArray("products")).hasSize(2);
    }

    @Test
    void productsWithoutAPriceOrWithAnOddNamePass() {
        behind.products().answer(Answer.json("[{\"product_id\":4,\"product_name\":\"a\\\"\\\\\\u00e9\\n\u0416\"}]"));

        assertThat(shop.get("/products/all")
                        .is(200)
                        .json()
                        .getJsonArray("products")
                        .encode())
                .isEqualTo("[{\"product_id\":4,\"product_name\":\"a\\\"\\\\é\\nЖ\",\"inventory\":40}]");
    }

    @Test
    void aProductUnknownToInventoryIsNullWithoutDegrading() {
        behind.inventory()
                .answer(
                        Answer.json(
                                "[{\"product_id\":1,\"inventory\":57},"
                                        + "{\"product_id\":2,\"inventory\":null,\"reason\":\"unknown\"},{\"product_id\":3,\"inventory\":0}]"));

        Shop.Answer answer = shop.get("/products/all").is(200);

        assertThat(levels(answer)).isEqualTo("[57, null, 0]");
        assertThat(answer.degraded()).isEqualTo("[]");
    }

    @Test
    void whatInventoryDidNotKnowInTimeIsMissingForThatReason() {
        behind.inventory()
                .answer(Answer.json("[{\"product_id\":1,\"inventory\":57},"
                        + "{\"product_id\":2,\"inventory\":null,\"reason\":\"timeout\"},"
                        + "{\"product_id\":3,\"inventory\":null,\"reason\":\"timeout\"}]"));

        Shop.Answer answer = shop.get("/products/all").is(200);

        assertThat(levels(answer)).isEqualTo("[57, null, null]");
        assertThat(answer.degraded()).isEqualTo("[{\"part\":\"inventory\",\"reason\":\"timeout\",\"missing\":2}]");
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of("hangs", Answer.HANGS, "timeout", 1, 1000),
                Arguments.of(
                        "hangs after headers", Answer.hangsAfterHalf(200, "[{\"product_id\":1}]"), "timeout", 1, 1000),
                Arguments.of("500", Answer.status(500), "too-many-retries", 4, 200),
                Arguments.of("503", Answer.status(503), "too-many-retries", 4, 200),
                Arguments.of("reset", Answer.RESETS, "too-many-retries", 4, 200),
                Arguments.of("garbage", Answer.GARBAGE, "too-many-retries", 4, 200),
                Arguments.of("truncated", Answer.truncated("[{\"product_id\":1}]"), "too-many-retries", 4, 200),
                Arguments.of("no JSON", Answer.json("<html>"), "too-many-retries", 4, 200),
                Arguments.of(
                        "wrong types",
                        Answer.json("[{\"product_id\":\"1\",\"inventory\":\"x\"}]"),
                        "too-many-retries",
                        4,
                        200),
                Arguments.of("an object", Answer.json("{}"), "too-many-retries", 4, 200),
                Arguments.of("10 MB", Answer.blanks(200, 10 << 20), "error", 1, 500),
                Arguments.of("400", Answer.status(400), "error", 1, 100));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void aCartThatFailsIsNullAndSaidSo(String name, Answer fault, String reason, int tries, int millis) {
        behind.cart().answer(fault);

        Shop.Answer answer = shop.get("/products/all").is(200).within(Duration.ofMillis(millis));

        assertThat(answer.body())
                .isEqualTo(WELL.replace("\"cart_items\":2", "\"cart_items\":null")
                        .replace(
                                "\"degraded\":[]",
                                "\"degraded\":[{\"part\":\"cart\",\"reason\":\"" + reason + "\",\"missing\":1}]"));
        assertThat(behind.cart().count()).isEqualTo(tries);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void favoritesThatFailAreNullAndSaidSo(String name, Answer fault, String reason, int tries, int millis) {
        behind.favorites().answer(fault);

        Shop.Answer answer = shop.get("/products/all").is(200).within(Duration.ofMillis(millis));

        assertThat(answer.json().getValue("favorite_items")).isNull();
        assertThat(answer.degraded())
                .isEqualTo("[{\"part\":\"favorites\",\"reason\":\"" + reason + "\",\"missing\":1}]");
        assertThat(behind.favorites().count()).isEqualTo(tries);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void inventoryThatFailsIsNullAndSaidSo(String name, Answer fault, String reason, int tries, int millis) {
        behind.inventory().answer(fault);

        Shop.Answer answer = shop.get("/products/all").is(200).within(Duration.ofMillis(millis));

        assertThat(levels(answer)).isEqualTo("[null, null, null]");
        assertThat(answer.json().getInteger("cart_items")).isEqualTo(2);
        assertThat(answer.degraded())
                .isEqualTo("[{\"part\":\"inventory\",\"reason\":\"" + reason + "\",\"missing\":3}]");
        assertThat(behind.inventory().count()).isEqualTo(tries);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void withoutTheCatalogueThereIsNoPage(String name, Answer fault, String reason, int tries, int millis) {
        behind.products().answer(fault);
        boolean late = reason.equals("timeout");

        Shop.Answer answer = shop.get("/products/all").is(late ? 504 : 500).within(Duration.ofMillis(millis));

        JsonObject problem = answer.json();
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(problem.getString("type"))
                .isEqualTo("urn:vitrina:problem:dependency-" + (late ? "timeout" : "failed"));
        assertThat(problem.getString("part")).isEqualTo("products");
        assertThat(problem.getString("reason")).isEqualTo(reason);
        assertThat(problem.getString("error")).isEqualTo(problem.getString("detail"));
        assertThat(problem.getString("instance")).isEqualTo("/products/all");
        assertThat(answer.header("Server-Timing")).contains("products;dur=").contains(";desc=" + reason);
        assertThat(answer.body()).doesNotContain("Exception").doesNotContain("org.vitrina");
        assertThat(behind.products().count()).isEqualTo(tries);
        assertThat(behind.inventory().count()).isZero();
    }

    @Test
    void carriesTheRequestsIdentityAndWhatTimeIsLeft() {
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        Shop.Answer answer = shop.get("/products/all", "X-Request-Id", "my-id", "traceparent", trace)
                .is(200);

        assertThat(answer.header("X-Request-Id")).isEqualTo("my-id");
        for (FakeService service : behind.ofThePage()) {
            FakeService.Request request = service.requests().getFirst();
            assertThat(request.header("X-Request-Id")).isEqualTo("my-id");
            assertThat(request.header("traceparent")).isEqualTo(trace);
            assertThat(Integer.parseInt(request.header("X-Request-Deadline-Ms")))
                    .isBetween(850, 980);
        }
    }

    @Test
    void makesAnIdWhereTheCallerHasNone() {
        Shop.Answer answer = shop.get("/products/all").is(200);

        assertThat(answer.header("X-Request-Id")).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        assertThat(behind.cart().requests().getFirst().header("X-Request-Id")).isEqualTo(answer.header("X-Request-Id"));
    }

    @Test
    void saysWhatEachDependencyTook() {
        behind.cart().answer(Answer.status(400));

        String timing = shop.get("/products/all").is(200).header("Server-Timing");

        Set<String> entries = new HashSet<>();
        for (String entry : timing.split(", ", -1)) {
            assertThat(entry).matches("[a-z]+;dur=[0-9]+\\.[0-9];desc=[a-z-]+");
            entries.add(entry.replaceAll("dur=[0-9.]+;", ""));
        }
        assertThat(entries)
                .containsExactlyInAnyOrder(
                        "products;desc=ok", "inventory;desc=ok", "favorites;desc=ok", "cart;desc=error");
    }

    @ParameterizedTest
    @CsvSource({"/products/nothing/here, 404", "/nothing, 404"})
    void unknownPathsAreProblems(String path, int status) {
        assertThat(shop.get(path).is(status).header("Content-Type")).isEqualTo("application/problem+json");
    }
}
