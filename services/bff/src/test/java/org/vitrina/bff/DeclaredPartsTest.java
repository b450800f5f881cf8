package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.http.Answer;

/** Parts of the page that other teams declare, by configuration alone. */
@QuarkusTest
@TestProfile(DeclaredPartsTest.Parts.class)
@WithTestResource(ForeignParts.class)
class DeclaredPartsTest extends BffTest {
    private static final String[] BROWSER = {"Accept", "text/html"};
    private static final List<String> FAILED = List.of("error", "too-many-retries", "timeout");
    private static final Duration PAGE = Duration.ofSeconds(2);

    /** Filled by {@link ForeignParts}. */
    @SuppressWarnings("NullAway.Init")
    ForeignParts.Services foreign;

    public static class Parts implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("vitrina.cache.topology", "memory");
        }
    }

    @BeforeEach
    void healForeign() {
        foreign.heal();
    }

    @Test
    void addAFieldToEachProductAndToTheAnswer() {
        ratings();
        await().untilAsserted(() -> {
            foreign.badges().forget();
            foreign.taxes().forget();
            assertThat(shop.get("/products/all").is(200).body())
                    .isEqualTo(
                            """
                            {"cart_items":2,"favorite_items":3,"points":120,"products":[\
                            {"product_id":1,"product_name":"Product 1","price":"1.50","inventory":10,"badge":["new","1"],"rating":4.3,"tax":true},\
                            {"product_id":2,"product_name":"Product 2","price":"2.50","inventory":20,"badge":["new","2"],"rating":3.5,"tax":true},\
                            {"product_id":3,"product_name":"Product 3","price":"3.50","inventory":30,"badge":["new","3"],"rating":4.8,"tax":true}],\
                            "degraded":[]}""");
            // copies of less than a millisecond may be there
            assertThat(ShopPageSuite.targets(foreign.badges())).contains("/badges/1,2,3?a=b");
            assertThat(ShopPageSuite.targets(foreign.taxes())).contains("/?ids=1,2,3");
        });
        assertThat(foreign.points().requests().getFirst().target()).isEqualTo("/users/3/points");
        assertThat(foreign.points().requests().getFirst().header("X-Request-Deadline-Ms"))
                .isNotNull();
        assertThat(shop.get("/products/all").header("Server-Timing"))
                .contains("points;dur=", "badge;dur=", "rating;dur=", "tax;dur=");
    }

    @Test
    void standOnThePageWhereTheProductStands() {
        ratings();
        await().untilAsserted(() -> assertThat(html("/", "Accept-Language", "en"))
                .contains("<slot name=\"fact-rating-1\"><p part=\"waiting-fact\">Rating: …</p></slot>")
                .contains("<p slot=\"fact-rating-1\" class=\"fact known\">Rating: 4.3</p>")
                .contains("<p slot=\"fact-badge-2\" class=\"fact known\">badge: new, 2</p>")
                .contains("<p slot=\"fact-tax-3\" class=\"fact known\">tax: yes</p>")
                .contains("<i slot=\"fact-tax-4\"></i>", "<i slot=\"fact-rating-24\"></i>")
                .contains("<p slot=\"fact-points\" class=\"fact known\">points: 120</p>"));
        assertThat(html("/", "Accept-Language", "ru")).contains("Оценка: 4,3</p>", "tax: да</p>");
        assertThat(shop.get("/").is(200).body())
                .contains("3 favorites · points: 120\n", " · badge: new, 1 · Rating: 4.3 · tax: yes\n");
    }

    @Test
    void withoutProductsTheirPlacesAreLeftOut() {
        behind.products().answer(Answer.status(500));

        assertThat(html("/?limit=3")).contains("<i slot=\"fact-tax-1\"></i>", "<i slot=\"fact-rating-3\"></i>");
    }

    /** What other people's services answer; a page is never worse for it than that the part is missing. */
    static Stream<Arguments> hostile() {
        return Stream.of(
                Arguments.of("no JSON", Answer.json("<html>busy</html>"), "failed"),
                Arguments.of("no HTTP", Answer.GARBAGE, "failed"),
                Arguments.of("reset", Answer.RESETS, "failed"),
                Arguments.of("closed", Answer.CLOSES, "failed"),
                Arguments.of("cut", Answer.truncated("[{\"id\":1,\"words\":\"a\"}]"), "failed"),
                Arguments.of("10 MB", Answer.blanks(200, 10_000_000), "failed"),
                Arguments.of("500", Answer.status(500), "failed"),
                Arguments.of("404", Answer.status(404), "failed"),
                Arguments.of("elsewhere", Answer.of(302, Map.of("Location", "http://127.0.0.1:1/"), ""), "failed"),
                Arguments.of("null", Answer.json("null"), "failed"),
                Arguments.of("nothing", Answer.json(""), "failed"),
                Arguments.of("an object", Answer.json("{\"id\":1,\"words\":\"a\"}"), "failed"),
                Arguments.of("numbers", Answer.json("[1,2,3]"), "failed"),
                Arguments.of("null id", Answer.json("[{\"id\":null,\"words\":\"a\"}]"), "failed"),
                Arguments.of("no id", Answer.json("[{\"words\":\"a\"}]"), "failed"),
                Arguments.of("half an id", Answer.json("[{\"id\":1.5,\"words\":\"a\"}]"), "failed"),
                Arguments.of("object as value", Answer.json("[{\"id\":1,\"words\":{}}]"), "failed"),
                Arguments.of("list in list", Answer.json("[{\"id\":1,\"words\":[[1]]}]"), "failed"),
                Arguments.of("no number", Answer.json("[{\"id\":1,\"words\":NaN}]"), "failed"),
                Arguments.of("long text", Answer.json("[{\"id\":1,\"words\":\"" + "x".repeat(201) + "\"}]"), "failed"),
                Arguments.of("long number", Answer.json("[{\"id\":1,\"words\":" + "9".repeat(900) + "}]"), "failed"),
                Arguments.of("long list", Answer.json("[{\"id\":1,\"words\":[1,2,3,4,5,6,7,8,9,10,11]}]"), "failed"),
                Arguments.of(
                        "deep",
                        Answer.json("[{\"id\":1,\"more\":" + "[".repeat(50_000) + "]".repeat(50_000) + "}]"),
                        "failed"),
                Arguments.of("hangs", Answer.HANGS, "timeout"),
                Arguments.of(
                        "hangs after half", Answer.hangsAfterHalf(200, "[{\"id\":1,\"words\":\"a\"}]"), "timeout"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void aBadAnswerCostsItsPartOnly(String what, Answer answer, String how) {
        foreign.badges().answer(answer);

        Shop.Answer page = shop.get("/products/all").is(200).within(PAGE);

        assertThat(page.degraded()).contains("\"part\":\"badge\"").doesNotContain("inventory", "tax", "points");
        // how many tries its time is long enough for depends on the machine
        assertThat(reason(page, "badge")).as(what).isIn(how.equals("failed") ? FAILED : List.of("timeout"));
        assertThat(page.json().getJsonArray("products")).hasSize(3).allSatisfy(product -> {
            assertThat(((JsonObject) product).containsKey("badge")).isTrue();
            assertThat(((JsonObject) product).getValue("badge")).isNull();
            assertThat(((JsonObject) product).getValue("inventory")).isNotNull();
        });
        breakers.resetAll();
        assertThat(html("/"))
                .contains("<p slot=\"fact-badge-1\" class=\"fact unknown\">badge: not known right now</p>")
                .contains("10 in stock", "</html>");
    }

    @Test
    void whatIsTooMuchOrNotAskedForIsLeftOut() {
        foreign.badges()
                .answer(Answer.json(
                        "[{\"id\":2,\"words\":\"b\"},{\"id\":99,\"words\":\"c\"},{\"id\":3,\"words\":null}]"));

        Shop.Answer page = shop.get("/products/all").is(200);

        assertThat(page.json().getJsonArray("products").stream()
                        .map(product -> String.valueOf(((JsonObject) product).getValue("badge")))
                        .toList())
                .isEqualTo(List.of("null", "b", "null"));
        // who is unknown to the service has nothing, and nothing is degraded by that
        assertThat(page.degraded()).doesNotContain("badge");
        assertThat(html("/")).contains("<p slot=\"fact-badge-1\" class=\"fact none\">badge: –</p>");
    }

    @Test
    void aTextIsNoMarkupAndHalfACharacterIsNoTrouble() {
        foreign.badges()
                .answer(Answer.json("[{\"id\":1,\"words\":\"<script>alert(1)</script>\\u001b[31m & \\\"\\ud800x\"}]"));

        String page = html("/");
        JsonObject first =
                shop.get("/products/all").json().getJsonArray("products").getJsonObject(0);

        assertThat(page).contains("badge: &lt;script&gt;alert(1)&lt;/script&gt; [31m &amp; &quot;?x");
        assertThat(page.split("<script", -1)).hasSize(2);
        assertThat(first.getString("badge")).isEqualTo("<script>alert(1)</script>\u001b[31m & \"?x");
        assertThat(shop.get("/").body())
                .contains("<script>alert(1)</script> [31m & \"?x")
                .doesNotContain("\u001b");
    }

    @Test
    void aPartOfTheUserIsAskedForThatUserAndMayBeMissing() {
        foreign.points()
                .answer(request -> request.target().equals("/users/7/points")
                        ? Answer.json("{\"points\":\"<b>seven</b>\"}")
                        : Answer.status(404));
        assertThat(shop.get("/products/all?user_id=7").json().getString("points"))
                .isEqualTo("<b>seven</b>");
        assertThat(html("/?user_id=7")).contains("points: &lt;b&gt;seven&lt;/b&gt;");
        // who is unknown has none
        Shop.Answer unknown = shop.get("/products/all?user_id=8").is(200);
        assertThat(unknown.json().getMap()).containsEntry("points", null);
        assertThat(unknown.degraded()).doesNotContain("points");

        foreign.points().answer(Answer.json("[]"));

        Shop.Answer page = shop.get("/products/all").is(200);
        assertThat(page.json().getMap()).containsEntry("points", null);
        assertThat(reason(page, "points")).isIn(FAILED);
        assertThat(degraded(page, "points").getInteger("missing")).isEqualTo(1);
        assertThat(html("/"))
                .contains("<p slot=\"fact-points\" class=\"fact unknown\">points: not known right now</p>");
    }

    @Test
    void withoutARequiredPartThereIsNoAnswer() {
        foreign.taxes().answer(Answer.status(500));
        JsonObject problem = shop.get("/products/all").is(500).json();
        assertThat(problem.getString("part")).isEqualTo("tax");
        assertThat(problem.getString("reason")).isIn(FAILED);
        foreign.taxes().answer(Answer.HANGS);
        breakers.resetAll();
        assertThat(shop.get("/products/all").is(504).within(PAGE).header("Server-Timing"))
                .contains("tax;dur=", ";desc=timeout");
        // a page has begun by then, and says so where the product stands
        assertThat(html("/")).contains("tax: not known right now", "10 in stock");
    }

    @Test
    void areGuardedCountedAndShownLikeOurs() {
        foreign.badges().answer(Answer.status(500));
        await().untilAsserted(() -> {
            shop.get("/products/all").is(200);
            assertThat(dependency("badge").getString("breaker")).isEqualTo("open");
        });
        foreign.badges().forget();
        await().untilAsserted(() -> {
            foreign.badges().answer(Answer.status(500));
            Shop.Answer page = shop.get("/products/all").is(200);
            assertThat(reason(page, "badge")).isEqualTo("circuit-open");
        });
        assertThat(dependency("badge").getLong("retries")).isPositive();
        assertThat(RestAssured.get(management.resolve("/q/metrics")).asString())
                .contains(
                        "vitrina_client_breaker_open{dependency=\"badge\"}",
                        "vitrina_client_calls_total{dependency=\"rating\",outcome=\"success\"}");
        foreign.heal();
        await().untilAsserted(() ->
                assertThat(shop.get("/products/all").is(200).degraded()).doesNotContain("badge"));
        assertThat(dependency("badge").getString("breaker")).isEqualTo("closed");
    }

    @Test
    void aCallersLeavingStopsItsCalls() throws IOException {
        foreign.points().answer(Answer.HANGS);
        shop.askAndLeave("/products/all", () -> foreign.points().count() == 1);
        await().until(() -> foreign.points().underWay() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"frozen", "killed"})
    void aProgramThatIsAwayLeavesCopiesForAWhileAndComesBack(String how) throws IOException {
        RatingsProgram ratings = ratings();
        await().untilAsserted(
                        () -> assertThat(rating(shop.get("/products/all"))).isEqualTo("4.3"));

        if (how.equals("frozen")) {
            ratings.freeze();
        } else {
            ratings.kill();
        }
        try {
            await().pollInterval(Duration.ofMillis(50)).untilAsserted(() -> {
                Shop.Answer page = shop.get("/products/all").is(200).within(PAGE);
                assertThat(reason(page, "rating")).isEqualTo("stale");
                assertThat(degraded(page, "rating").getLong("age_ms")).isPositive();
                assertThat(rating(page)).isEqualTo("4.3");
            });
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(50))
                    .untilAsserted(() -> {
                        Shop.Answer page = shop.get("/products/all").is(200).within(PAGE);
                        assertThat(rating(page)).isEqualTo("null");
                        assertThat(reason(page, "rating")).isIn("timeout", "error", "too-many-retries", "circuit-open");
                        assertThat(degraded(page, "rating").getInteger("missing"))
                                .isEqualTo(3);
                    });
            assertThat(html("/")).contains("Rating: not known right now", "10 in stock");
        } finally {
            if (how.equals("frozen")) {
                ratings.resume();
            } else {
                ratings.start();
            }
        }
        await().untilAsserted(() -> {
            Shop.Answer page = shop.get("/products/all").is(200);
            assertThat(rating(page)).isEqualTo("4.3");
            assertThat(page.degraded()).doesNotContain("rating");
        });
    }

    private RatingsProgram ratings() {
        assumeThat(foreign.ratings()).as("Python 3").isNotNull();
        return Objects.requireNonNull(foreign.ratings());
    }

    private static String rating(Shop.Answer page) {
        return String.valueOf(
                page.json().getJsonArray("products").getJsonObject(0).getValue("rating"));
    }

    private static String reason(Shop.Answer page, String part) {
        return degraded(page, part).getString("reason");
    }

    private static JsonObject degraded(Shop.Answer page, String part) {
        return page.json().getJsonArray("degraded").stream()
                .map(JsonObject.class::cast)
                .filter(each -> each.getString("part").equals(part))
                .findFirst()
                .orElseGet(() -> new JsonObject().put("reason", "well"));
    }

    private JsonObject dependency(String name) {
        return shop.get("/ops/resilience").json().getJsonArray("dependencies").stream()
                .map(JsonObject.class::cast)
                .filter(each -> each.getString("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    private String html(String path, String... headers) {
        String[] all = Stream.concat(Stream.of(BROWSER), Stream.of(headers)).toArray(String[]::new);
        return shop.get(path, all).is(200).body();
    }
}
