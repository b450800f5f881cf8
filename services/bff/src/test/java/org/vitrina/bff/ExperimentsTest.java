package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.http.FakeService;

/** {@code /ops/experiments}: who is served by which release, and what becomes of it. */
@QuarkusTest
class ExperimentsTest extends BffTest {
    private static final String HEADER = "Vitrina-Variant";
    private static final Duration SOON = Duration.ofSeconds(30);

    @AfterEach
    void remove() {
        view().getJsonArray("experiments")
                .forEach(each -> shop.send("DELETE", "/ops/experiments/" + ((JsonObject) each).getString("name"), null)
                        .is(204));
    }

    private JsonObject view() {
        return shop.get("/ops/experiments").is(200).json();
    }

    private JsonObject one(String name) {
        return view().getJsonArray("experiments").stream()
                .map(each -> (JsonObject) each)
                .filter(each -> each.getString("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static JsonObject arm(JsonObject experiment, String variant) {
        return experiment.getJsonArray("arms").stream()
                .map(each -> (JsonObject) each)
                .filter(each -> each.getString("variant").equals(variant))
                .findFirst()
                .orElseThrow();
    }

    private static JsonObject wanted(String service, String variant, int share) {
        return new JsonObject()
                .put("service", service)
                .put("shares", new JsonObject().put("default", 100 - share).put(variant, share))
                .put("until", Instant.now().plusSeconds(600).toString());
    }

    private Shop.Answer put(String name, JsonObject wanted) {
        return shop.send("PUT", "/ops/experiments/" + name, wanted.encode(), "Content-Type", "application/json");
    }

    private List<Integer> products(String path, String... headers) {
        List<Integer> ids = new ArrayList<>();
        shop.get(path, headers)
                .is(200)
                .json()
                .getJsonArray("products")
                .forEach(each -> ids.add(((JsonObject) each).getInteger("product_id")));
        return ids;
    }

    @Test
    void servesEachUserInTheOrderOfTheirCatalogueAgainAndAgain() {
        behind.variant().answer(Backs.page(3, 2, 1));
        put("order", wanted("products", "newest", 50)).is(200);

        int newest = 0;
        for (int user = 1; user <= 100; user++) {
            List<Integer> first = products("/products/all?user_id=" + user);
            assertThat(first).isIn(List.of(1, 2, 3), List.of(3, 2, 1));
            assertThat(products("/products/all?user_id=" + user)).isEqualTo(first);
            newest += first.getFirst() == 3 ? 1 : 0;
        }

        // beyond four standard deviations of a hundred users
        assertThat(newest).isBetween(30, 70);
        assertThat(behind.variant().requests()).hasSize(2 * newest).allSatisfy(asked -> assertThat(asked.header(HEADER))
                .isEqualTo("products/newest"));
        assertThat(behind.products().requests())
                .hasSize(200 - 2 * newest)
                .allSatisfy(asked -> assertThat(asked.headers()).doesNotContainKey("vitrina-variant"));
        JsonObject experiment = one("order");
        assertThat(experiment.getString("state")).isEqualTo("running");
        assertThat(arm(experiment, "newest").getLong("users")).isEqualTo(newest);
        assertThat(arm(experiment, "newest").getLong("calls")).isEqualTo(2L * newest);
        assertThat(arm(experiment, "default").getLong("users")).isEqualTo(100L - newest);
        assertThat(arm(experiment, "default").getJsonObject("less_default")).isNull();
    }

    @Test
    void leadsDeclaredClientsToTheReleaseTooWithItsOwnBasePath() {
        behind.variant()
                .answer(asked -> asked.target().startsWith("/second")
                        ? Answer.json("{\"product_id\":7,\"value\":1.5,\"model_version\":\"2\"}")
                        : Answer.json("[]"));
        put("model", wanted("predictions", "m2", 100)).is(200);
        put("basket", wanted("cart", "next", 100)).is(200);

        assertThat(shop.get("/predictions/product/7").is(200).json().getString("model_version"))
                .isEqualTo("2");
        assertThat(shop.get("/cart").is(200).body()).isEqualTo("[]");
        assertThat(shop.send("PUT", "/cart/9", "{\"quantity\":1}", "Content-Type", "application/json")
                        .status())
                .isEqualTo(200);

        assertThat(behind.predictions().count()).isZero();
        assertThat(behind.cart().count()).isZero();
        assertThat(behind.variant().requests())
                .extracting(FakeService.Request::method, FakeService.Request::target)
                .containsExactly(
                        tuple("GET", "/second/predictions/product/7"),
                        tuple("GET", "/users/3/cart"),
                        tuple("PUT", "/users/3/cart/9"));
    }

    @Test
    void tellsAGatewayByAHeaderWhereThereIsNoAddress() {
        put("gate", wanted("orders", "gate", 100)).is(200);

        shop.get("/api/v1/orders").is(200);

        assertThat(behind.orders().requests()).singleElement().satisfies(asked -> assertThat(asked.header(HEADER))
                .isEqualTo("orders/gate"));
    }

    @Test
    void givesTestersTheVariantThatTheyNameAndCountsThemNot() {
        behind.variant().answer(Backs.page(3, 2, 1));

        assertThat(products("/products/all", HEADER, "products/newest")).containsExactly(3, 2, 1);
        assertThat(products("/products/all")).containsExactly(1, 2, 3);
        put("order", wanted("products", "newest", 0)).is(200);
        assertThat(products("/products/all", HEADER, "products/newest")).containsExactly(3, 2, 1);
        assertThat(arm(one("order"), "newest").getLong("calls")).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"products/none", "newest", "/", "products/", "products/newest, cart/next", "http://evil/", "%00"
            })
    void aHeaderThatNamesNoVariantSaysNothing(String header) {
        assertThat(products("/products/all", HEADER, header)).containsExactly(1, 2, 3);
        assertThat(behind.variant().count()).isZero();
        assertThat(behind.products().requests())
                .allSatisfy(asked -> assertThat(asked.headers()).doesNotContainKey("vitrina-variant"));
    }

    @Test
    void asksTheUsualReleaseAgainWhereTheVariantFailsAndItsGuardStopsIt() {
        behind.variant().answer(Answer.status(500));
        put("order", wanted("products", "newest", 100).put("min_calls", 20)).is(200);

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(products("/products/all")).containsExactly(1, 2, 3);
            assertThat(one("order").getString("state")).isEqualTo("stopped");
        });

        JsonObject stopped = one("order");
        assertThat(stopped.getString("stopped"))
                .matches("newest: (\\d+) of \\1 calls failed, which is more than 5.00 %\\.");
        assertThat(arm(stopped, "newest").getLong("calls")).isGreaterThanOrEqualTo(20);
        assertThat(arm(stopped, "newest")
                        .getJsonObject("figures")
                        .getJsonObject("errors")
                        .getDouble("value"))
                .isEqualTo(1.0);
        JsonObject change = view().getJsonArray("history").getJsonObject(0);
        assertThat(change.getString("by")).isEqualTo("guard");
        assertThat(change.getString("why")).isEqualTo(stopped.getString("stopped"));
        assertThat(change.getJsonObject("from").getString("stopped")).isNull();
        behind.variant().forget();
        assertThat(products("/products/all")).containsExactly(1, 2, 3);
        assertThat(behind.variant().count()).isZero();
        assertThat(shop.html("/ops/experiments/page")).contains("It is stopped", "which is more than 5.00 %");
    }

    @Test
    void stopsAVariantThatIsSlow() {
        behind.variant().answer(Backs.page(3, 2, 1).after(Duration.ofMillis(60)));
        put("order", wanted("products", "newest", 100).put("min_calls", 10).put("slow_ms", 50))
                .is(200);

        await().atMost(SOON).untilAsserted(() -> {
            shop.together(5, "/products/all");
            assertThat(one("order").getString("stopped")).contains("calls took longer than 50 ms");
        });
    }

    @Test
    void judgesNothingWhileThereIsHardlyATraffic() {
        behind.variant().answer(Answer.status(500));
        put("order", wanted("products", "newest", 100)).is(200);
        for (int i = 0; i < 20; i++) {
            products("/products/all");
        }
        long revision = view().getJsonArray("history").size();

        await().atMost(SOON).until(() -> arm(one("order"), "newest").getLong("calls") == 20);
        // several looks of the guard
        await().pollDelay(Duration.ofMillis(500)).until(() -> true);
        assertThat(one("order").getString("state")).isEqualTo("running");
        assertThat(view().getJsonArray("history")).hasSize((int) revision);
    }

    @Test
    void givesEverybodyTheUsualReleaseOnceItIsOver() {
        behind.variant().answer(Backs.page(3, 2, 1));
        Instant end = Instant.now().plusSeconds(2);
        put("order", wanted("products", "newest", 100).put("until", end.toString()))
                .is(200);
        List<Integer> before = products("/products/all");
        assertThat(before).isEqualTo(Instant.now().isBefore(end) ? List.of(3, 2, 1) : before);

        await().atMost(SOON).until(() -> one("order").getString("state").equals("expired"));
        assertThat(products("/products/all")).containsExactly(1, 2, 3);
    }

    @Test
    void countsOncePerUserWhoHasOrdered() {
        behind.variant().answer(Backs.page(3, 2, 1));
        behind.orders().answer(Answer.of(201, Map.of(), "{\"order_id\":\"1\"}"));
        put("order", wanted("products", "newest", 100)).is(200);
        for (int user = 1; user <= 4; user++) {
            products("/products/all?user_id=" + user);
        }
        for (String key : List.of("a-1", "a-2")) {
            shop.send(
                            "POST",
                            "/api/v1/orders?user_id=2",
                            "{}",
                            "Content-Type",
                            "application/json",
                            "Idempotency-Key",
                            key)
                    .is(201);
        }
        // whom it has never served
        shop.send("POST", "/api/v1/orders?user_id=77", "{}", "Content-Type", "application/json", "Idempotency-Key", "b")
                .is(201);

        JsonObject newest = arm(one("order"), "newest");
        assertThat(newest.getLong("users")).isEqualTo(4);
        assertThat(newest.getLong("ordered")).isEqualTo(1);
        JsonObject conversion = newest.getJsonObject("figures").getJsonObject("conversion");
        assertThat(conversion.getDouble("value")).isEqualTo(0.25);
        assertThat(conversion.getDouble("low")).isBetween(0.04, 0.05);
        assertThat(conversion.getDouble("high")).isBetween(0.69, 0.71);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"default":50,"newest":49} | The shares must be 100 together; they are 99.
                    {"default":50,"other":50}  | shares names a variant that products does not have; it has default, newest.
                    {"default":150,"newest":-50} | Each of the shares must be a whole number from 0 to 100.
                    {} | shares
                    """)
    void refusesSharesThatAreNone(String shares, String why) {
        Shop.Answer refused = put("order", wanted("products", "newest", 1).put("shares", new JsonObject(shares)));

        assertThat(refused.is(400).body()).contains(why);
        assertThat(view().getJsonArray("experiments")).isEqualTo(new JsonArray());
    }

    @Test
    void refusesWhatCannotBe() {
        put("order", wanted("wallet", "next", 5)).is(400);
        put("Order_1", wanted("products", "newest", 5)).is(400);
        put("order", wanted("products", "newest", 5).put("until", "2020-01-01T00:00:00Z"))
                .is(400);
        put("order", wanted("products", "newest", 5).put("until", "2120-01-01T00:00:00Z"))
                .is(400);
        put("order", wanted("products", "newest", 5).put("until", "soon")).is(400);
        put("order", wanted("products", "newest", 5).put("max_errors", 2)).is(400);
        shop.send("PUT", "/ops/experiments/order", "null", "Content-Type", "application/json")
                .is(400);
        shop.send("POST", "/ops/experiments/order/stop", null).is(404);
        shop.send("DELETE", "/ops/experiments/order", null).is(404);
        put("one", wanted("products", "newest", 5)).is(200);
        assertThat(put("two", wanted("products", "newest", 5)).is(409).body()).contains("one is running on products");
    }

    @Test
    void remembersWhoChangedWhatFromWhatToWhat() {
        put("order", wanted("products", "newest", 5)).is(200);
        put("order", wanted("products", "newest", 10)).is(200);
        shop.send("POST", "/ops/experiments/order/stop", null).is(200);

        JsonArray history = view().getJsonArray("history");
        JsonObject stop = history.getJsonObject(0);
        JsonObject more = history.getJsonObject(1);
        assertThat(stop.getJsonObject("to").getString("stopped")).isEqualTo("An operator has stopped it.");
        assertThat(more.getJsonObject("from").getJsonObject("shares").getInteger("newest"))
                .isEqualTo(5);
        assertThat(more.getJsonObject("to").getJsonObject("shares").getInteger("newest"))
                .isEqualTo(10);
        assertThat(more.getString("by")).isEqualTo("anybody");
        assertThat(more.getJsonObject("to").getString("begun"))
                .isEqualTo(more.getJsonObject("from").getString("begun"));
        assertThat(history.getJsonObject(2).getJsonObject("from")).isNull();
        assertThat(Instant.parse(stop.getString("at"))).isBeforeOrEqualTo(Instant.now());
    }

    @Test
    void aPageShowsThemAndItsFormsBeginAndEndThem() {
        assertThat(form("/ops/experiments/page", "name=order&variant=products%2Fnewest&share=30&hours=2"))
                .isEqualTo("/ops/experiments/page?told=experiment");
        behind.variant().answer(Backs.page(3, 2, 1));
        products("/products/all");

        assertThat(shop.html("/ops/experiments/page"))
                .contains(
                        "order · products",
                        "<td>30</td>",
                        "newest less default",
                        "anybody has changed order: – → products:");
        assertThat(shop.get("/ops/experiments/page", "Accept", "text/html", "Accept-Language", "ru")
                        .is(200)
                        .body())
                .contains("Начать опыт", "newest против default");
        assertThat(form("/ops/experiments/page", "name=two&variant=products%2Fnewest&share=30&hours=2"))
                .endsWith("told=experiment-not");
        assertThat(form("/ops/experiments/page", "name=two&variant=cart%2Fdefault&share=30&hours=2"))
                .endsWith("told=experiment-not");
        assertThat(form("/ops/experiments/page/stop", "name=order")).endsWith("told=experiment");
        assertThat(one("order").getString("state")).isEqualTo("stopped");
        assertThat(form("/ops/experiments/page/remove", "name=order")).endsWith("told=experiment");
        assertThat(shop.html("/ops/experiments/page")).contains("There are no experiments");
    }

    private String form(String path, String fields) {
        Shop.Answer answer = shop.send("POST", path, fields, "Content-Type", "application/x-www-form-urlencoded");
        return answer.is(303).header("Location");
    }
}
