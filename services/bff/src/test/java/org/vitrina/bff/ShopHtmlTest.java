package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.http.Answer;

/** The shop as people see it: what comes when, what is said of what does not come, and what browsers need beside. */
@QuarkusTest
class ShopHtmlTest extends BffTest {
    private static final String[] BROWSER = {"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"};
    private static final int TRIES = 5;

    @ParameterizedTest
    @ValueSource(strings = {"identity", "gzip"})
    void productsComeBeforeInventoryHasAnswered(String encoding) throws Exception {
        String page = "";
        for (int i = 0; i < TRIES && !page.contains("10 in stock"); i++) {
            breakers.resetAll();
            CountDownLatch open = new CountDownLatch(1);
            behind.inventory().answer(request -> Backs.levels(request).when(open));
            try (Arriving answer = Arriving.of(base, "Accept", "text/html", "Accept-Encoding", encoding)) {
                // if they waited for inventory they would be here only when its time is up, and stock would be unknown
                answer.until("id=\"product-3\"");
                open.countDown();
                page = answer.all();
                assertThat(answer.status()).isEqualTo(200);
            }
        }
        assertThat(page).contains("<p slot=\"s1\" class=\"stock in\">10 in stock</p>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "gzip"})
    void theFrameAndTheCountsComeBeforeTheCatalogueHasAnswered(String encoding) throws Exception {
        String page = "";
        for (int i = 0; i < TRIES && !page.contains("id=\"product-1\""); i++) {
            breakers.resetAll();
            CountDownLatch open = new CountDownLatch(1);
            behind.products().answer(Backs.page(1, 2, 3).when(open));
            try (Arriving answer = Arriving.of(base, "Accept", "text/html", "Accept-Encoding", encoding)) {
                answer.until("<span slot=\"cart\" class=\"count\">2</span>");
                open.countDown();
                page = answer.all();
            }
        }
        assertThat(page).contains("id=\"product-1\"", "<span slot=\"favorites\" class=\"count\">3</span>");
    }

    @Test
    void everyPlaceOfTheFrameIsFilledOrLeftEmpty() {
        String page = html("/?limit=5");

        for (int place = 1; place <= 5; place++) {
            assertThat(page)
                    .contains("<slot name=\"p" + place + "\">")
                    .containsPattern("<(article|i) slot=\"p" + place + "\"");
            assertThat(page).containsPattern("<(p|i) slot=\"s" + place + "\"");
        }
        assertThat(page).endsWith("</html>\n").doesNotContain("{", "NOT_FOUND");
    }

    @Test
    void aPageMayHaveFiveHundredProducts() {
        behind.products()
                .answer(request -> request.target().startsWith("/categories")
                        ? Answer.json("[]")
                        : Backs.page(IntStream.rangeClosed(1, 500).toArray()));

        String page = html("/?limit=500");

        assertThat(page).contains("id=\"product-500\"", "slot=\"s500\"").endsWith("</html>\n");
        assertThat(shop.get("/?limit=501", BROWSER).is(400).body()).contains("This was not understood");
    }

    @Test
    void whatIsRefusedBeforeAnyRouteIsAPageForABrowserToo() {
        String[] browser = {"Accept", "text/html,application/xhtml+xml", "Sec-Fetch-Mode", "navigate"};

        Shop.Answer page = shop.get("/products/all?limit=1&limit=2", browser).is(400);
        assertThat(page.body())
                .contains("<html lang=\"en\">", "This was not understood")
                .doesNotContain("data-again");
        assertThat(page.header("Content-Type")).isEqualToIgnoringCase("text/html;charset=UTF-8");
        assertThat(page.header("Content-Security-Policy")).startsWith("default-src 'none'");
        assertThat(page.header("Cache-Control")).isEqualTo("private, no-store");

        Shop.Answer problem = shop.get("/products/all?limit=1&limit=2").is(400);
        assertThat(problem.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void saysWhatIsNotKnown() {
        behind.inventory().answer(Answer.HANGS);
        behind.cart().answer(Answer.status(500));

        String page = html("/");

        assertThat(page)
                .contains("<p slot=\"s3\" class=\"stock unknown\">Stock unknown right now</p>")
                .contains("Stock of 3 products is not known right now")
                .containsPattern("<span slot=\"cart\" class=\"count unknown\"")
                .doesNotContain("timeout", "error", "Exception");
    }

    @Test
    void withoutProductsThePageSaysSoAndTriesAgain() {
        behind.products().answer(Answer.status(500));

        Shop.Answer answer = shop.get("/", BROWSER).is(200);

        assertThat(answer.body())
                .contains("The catalogue is not to be reached right now.")
                .contains("<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>")
                .contains("<span slot=\"cart\" class=\"count\">2</span>");
    }

    @Test
    void keepsToItself() {
        Shop.Answer answer = shop.get("/", BROWSER).is(200);

        assertThat(answer.header("Content-Type")).isEqualToIgnoringCase("text/html;charset=UTF-8");
        assertThat(answer.header("Content-Security-Policy"))
                .startsWith("default-src 'none'; style-src 'self'")
                .doesNotContain("unsafe", "http", "*");
        assertThat(answer.header("X-Accel-Buffering")).isEqualTo("no");
        assertThat(answer.header("Cache-Control")).isEqualTo("private, no-store");
        assertThat(answer.header("Vary")).contains("Accept", "Accept-Language", "Cookie");
        // neither style nor script in the page, and nothing from elsewhere
        assertThat(answer.body().split("<script", -1)).hasSize(2);
        assertThat(answer.body())
                .containsPattern("<script type=\"module\" src=\"/assets/shop-[A-Za-z0-9_-]+\\.js\"></script>")
                .doesNotContain("<style", "style=", "<script>", "onclick", "http://", "https://");
    }

    @Test
    void aNameIsNoMarkup() {
        behind.products()
                .answer(
                        Answer.json(
                                "[{\"product_id\":4,\"product_name\":\"<script>alert(1)</script> \\\"&'\",\"price\":\"1.00\"}]"));

        assertThat(html("/"))
                .contains("<h2>&lt;script&gt;alert(1)&lt;/script&gt; &quot;&amp;&#39;</h2>")
                .doesNotContain("<script>");
    }

    @Test
    void speaksTheLanguageThatIsAskedFor() {
        assertThat(shop.get("/", "Accept", "text/html", "Accept-Language", "ru-RU,ru;q=0.9,en;q=0.8")
                        .body())
                .contains("<html lang=\"ru\">", "В корзину", "В наличии: 10", "1,50\u00a0₽");
        assertThat(shop.get("/", "Accept", "text/html", "Accept-Language", "de, en;q=0.5, ru;q=0.4")
                        .body())
                .contains("<html lang=\"en\">", "Add to cart", "₽1.50");
        Shop.Answer chosen = form("/shop/visitor/language", "language=ru&back=%2F%3Fafter%3D3")
                .is(303);
        assertThat(chosen.header("Location")).isEqualTo("/?after=3");
        String cookie = chosen.header("Set-Cookie");
        assertThat(cookie).startsWith("vitrina-language=ru; Path=/;").contains("HttpOnly", "SameSite=Lax");
        assertThat(shop.get("/", "Accept", "text/html", "Cookie", cookie.split(";", 2)[0])
                        .body())
                .contains("<html lang=\"ru\">");
    }

    @Test
    void searchesAndKeepsTheWordsOnTheWay() {
        behind.products()
                .answer(Answer.of(
                        200,
                        Map.of("Link", "</products?after=3>; rel=\"next\""),
                        "[{\"product_id\":3,\"product_name\":\"Red shoe\",\"price\":\"1.00\"}]"));

        String page = html("/?q=%20red++%22shoe%22&category_id=2&user_id=7");

        assertThat(behind.products().requests()).anySatisfy(request -> assertThat(request.target())
                .isEqualTo("/products?limit=24&category_id=2&q=red+%22shoe%22"));
        assertThat(page)
                .contains("name=\"q\" value=\"red &quot;shoe&quot;\"")
                .contains("<input type=\"hidden\" name=\"category_id\" value=\"2\">")
                .contains("<input type=\"hidden\" name=\"user_id\" value=\"7\">")
                .contains("href=\"/?limit=24&amp;after=3&amp;category_id=2&amp;q=red+%22shoe%22&amp;user_id=7\"")
                .contains("<a href=\"/?category_id=2&amp;user_id=7\">Show all</a>");
        assertThat(html("/")).contains("role=\"search\"").doesNotContain("Show all");
    }

    @Test
    void saysWhatASearchDidNotFindAndWhatCannotBeSearchedNow() {
        behind.products().answer(Answer.json("[]"));
        assertThat(html("/?q=%3Cb%3E"))
                .contains("We found nothing for “&lt;b&gt;”.")
                .doesNotContain("<b>");
        assertThat(shop.get("/?q=shoe").is(200).body()).contains("We found nothing for “shoe”.");

        behind.products().answer(Answer.status(500));
        assertThat(html("/?q=lamp"))
                .contains("The catalogue is not to be reached right now.", "href=\"/?q=lamp\"", "value=\"lamp\"");
        shop.get("/?q=" + "a".repeat(101), BROWSER).is(400);
    }

    @Test
    void programsGetText() {
        behind.inventory().answer(Answer.json("[{\"product_id\":1,\"inventory\":57}]"));

        Shop.Answer answer = shop.get("/", "Accept", "*/*").is(200);

        assertThat(answer.header("Content-Type")).isEqualToIgnoringCase("text/plain;charset=UTF-8");
        assertThat(answer.body())
                .contains("You are customer 3", "2 in the cart", "3 favorites")
                .contains("Product 1 ", "57 in stock", "Stock unknown right now")
                .contains("curl '" + base.getAuthority() + "/products/1'")
                .doesNotContain("<");
        behind.products().answer(Answer.status(500));
        assertThat(shop.get("/").is(200).body()).contains("The catalogue is not to be reached right now.");
    }

    @Test
    void headIsAnswered() {
        Shop.Answer answer = shop.send("HEAD", "/", null, BROWSER).is(200);

        assertThat(answer.body()).isEmpty();
        assertThat(answer.header("Content-Security-Policy")).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"/no/such/page, 404", "/products/2000, 404", "/shop/products/2000, 404", "/?limit=0, 400"})
    void browsersGetAPageForAnErrorAndProgramsAProblem(String path, int status) {
        Shop.Answer page = shop.get(path, BROWSER).is(status);
        assertThat(page.header("Content-Type")).isEqualToIgnoringCase("text/html;charset=UTF-8");
        assertThat(page.header("Content-Security-Policy")).isNotEmpty();
        assertThat(page.body()).contains("<main class=\"error\"").doesNotContain("urn:vitrina");

        Shop.Answer problem = shop.get(path).is(status);
        assertThat(problem.header("Content-Type")).startsWith("application/problem+json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Accept | text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2 | application/problem+json",
                "Accept | text/html, application/json;q=0.9 | application/problem+json",
                "Accept | text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | text/html",
                "Sec-Fetch-Mode | navigate | text/html",
                "Sec-Fetch-Mode | cors | application/problem+json"
            })
    void beyondThePagesOnlyWhatABrowserShowsIsAPage(String header, String value, String type) {
        Shop.Answer answer = shop.get("/products/2000", header, value).is(404);

        assertThat(answer.header("Content-Type")).startsWith(type);
        assertThat(String.join(", ", answer.headers().allValues("Vary"))).contains("Accept, Sec-Fetch-Mode");
    }

    @Test
    void whoRefusesGzipGetsNone() {
        assertThat(shop.get("/", "Accept", "text/html", "Accept-Encoding", "gzip;q=0, identity")
                        .is(200)
                        .header("Content-Encoding"))
                .isEmpty();
        assertThat(shop.get("/favicon.ico", "Accept-Encoding", "gzip; q=0.0")
                        .is(200)
                        .header("Content-Encoding"))
                .isEmpty();
    }

    @Test
    void filesAreKeptForEverUnderTheHashOfTheirContent() {
        Matcher style =
                Pattern.compile("href=\"(/assets/shop-[A-Za-z0-9_-]+\\.css)\"").matcher(html("/"));
        assertThat(style.find()).isTrue();

        Shop.Answer file = shop.get(style.group(1)).is(200);

        assertThat(file.header("Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
        assertThat(file.header("Content-Type")).isEqualToIgnoringCase("text/css;charset=UTF-8");
        assertThat(file.header("Vary")).isEqualToIgnoringCase("Accept-Encoding");
        shop.get(style.group(1), "If-None-Match", file.header("ETag")).is(304);
        assertThat(shop.send("HEAD", style.group(1), null).is(200).body()).isEmpty();
        assertThat(shop.get(style.group(1), "Accept-Encoding", "gzip").is(200).header("Content-Encoding"))
                .isEqualTo("gzip");
        shop.get("/assets/shop-other.css").is(404);
        assertThat(shop.get("/favicon.ico").is(200).header("Content-Type")).isEqualTo("image/svg+xml");
    }

    @Test
    void aProductHasAPageWithStockAndPrediction() {
        behind.predictions().answer(Answer.json("{\"product_id\":7,\"value\":150.647483,\"model_version\":\"1\"}"));

        assertThat(html("/shop/products/7"))
                .contains("<h1 slot=\"heading\" id=\"content\" tabindex=\"-1\">Product 7</h1>", "₽7.50")
                .contains("<p slot=\"s1\" class=\"stock in\">70 in stock</p>")
                .contains("The model’s prediction for this product: 150.65");
        behind.predictions().answer(Answer.HANGS);
        assertThat(html("/shop/products/7")).contains("The model’s prediction is not known right now.");
        behind.products().answer(Answer.status(500));
        assertThat(shop.get("/shop/products/7", BROWSER).is(200).body()).contains("This cannot be told right now");
    }

    @RepeatedTest(2)
    void namesWithoutEndAreNoProblem(RepetitionInfo turn) {
        String name = "Щ".repeat(turn.getCurrentRepetition() * 4_000);
        behind.products()
                .answer(Answer.json("[{\"product_id\":4,\"product_name\":\"" + name + "\",\"price\":\"1.00\"}]"));

        assertThat(html("/")).contains("<h2>" + name + "</h2>");
        assertThat(shop.get("/").is(200).body()).doesNotContain(name).contains("Щ…");
    }

    private String html(String path) {
        return shop.get(path, BROWSER).is(200).body();
    }

    private Shop.Answer form(String path, String fields) {
        return shop.send("POST", path, fields, "Content-Type", "application/x-www-form-urlencoded");
    }
}
