package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.browser.Browser;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.http.FakeService;

/** The shop in a real browser, with and without scripts; its pictures are in {@code target/screenshots}. */
@QuarkusTest
class ShopBrowserTest extends BrowserTest {
    private static final String SHADOW = "document.querySelector('.page').shadowRoot";
    private static final String ORDER = "019ad000-0000-7000-8000-000000000001";
    private static final String PLACED = "{\"order_id\":\"" + ORDER + "\",\"status\":\"confirmed\",\"products\":"
            + "[{\"id\":1,\"price\":\"2500.00\",\"quantity\":2},{\"id\":2,\"price\":\"2890.00\",\"quantity\":1}],"
            + "\"total\":\"7890.00\",\"shipping_to\":\"Тула, ул. Оружейная, 1\",\"created_at\":\"2026-11-30T12:00:00Z\"}";

    @Test
    void partsComeIntoTheirPlacesWithoutAScript() {
        demo();
        CountDownLatch open = new CountDownLatch(1);
        behind.inventory().answer(request -> Backs.levels(request).when(open));
        try (Browser.Tab tab = browser.tab(1280, 900).withoutScript()) {
            tab.open(base).until(SHADOW + " !== null && " + assigned("p1") + " === 'ARTICLE'");
            tab.screenshot("home-while-stock-comes");
            open.countDown();
            tab.until(assigned("s1") + " === 'P'").whole();

            assertThat(tab.evaluate(assigned("cart"))).isEqualTo("SPAN");
            assertThat(tab.evaluate("document.querySelector('article h2').checkVisibility()"))
                    .isEqualTo(true);
            // places that are left over take no room
            assertThat(tab.evaluate("[...%s.querySelectorAll('[part=place]')].at(-1).offsetHeight".formatted(SHADOW)))
                    .isEqualTo(0);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWaitsMovesNothingWhenItComes(boolean known) {
        demo();
        CountDownLatch open = new CountDownLatch(1);
        behind.inventory().answer(request -> (known ? Backs.levels(request) : Answer.status(400)).when(open));
        try (Browser.Tab tab = browser.tab(1280, 900)) {
            tab.open(base).until(assigned("p8") + " === 'ARTICLE'");
            Object before = tab.evaluate("document.querySelector('#product-5').getBoundingClientRect().top");
            open.countDown();
            tab.until(assigned("s8") + " === 'P'").whole();

            assertThat(tab.evaluate("document.querySelector('#product-5').getBoundingClientRect().top"))
                    .isEqualTo(before);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void searchesByItsFormWithAndWithoutAScript(boolean script) {
        demo();
        try (Browser.Tab tab =
                script ? browser.tab(360, 760) : browser.tab(1280, 900).withoutScript()) {
            tab.open(base.resolve("/?category_id=3")).whole();
            tab.screenshot(script ? "search-phone" : "search-wide");

            tab.evaluate("document.querySelector('.search input[type=search]').value = 'чугунная 26'");
            tab.evaluate("document.querySelector('.search button').click()");
            tab.until("new URLSearchParams(location.search).get('q') === 'чугунная 26'")
                    .whole();

            assertThat(tab.evaluate("document.querySelector('.search input[type=search]').value"))
                    .isEqualTo("чугунная 26");
            assertThat(tab.evaluate("new URLSearchParams(location.search).get('category_id')"))
                    .isEqualTo("3");
            assertThat(tab.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                    .isEqualTo(true);
            tab.screenshot(script ? "found-phone" : "found-wide");
            behind.products().answer(Answer.json("[]"));
            tab.open(base.resolve("/?q=zebra")).whole();
            tab.screenshot(script ? "found-nothing-phone" : "found-nothing-wide");
        }
    }

    @Test
    void asksNobodyElseAndKeepsToItsPolicy() {
        demo();
        try (Browser.Tab tab = browser.tab(1280, 900)) {
            tab.open(base).whole();

            assertThat(tab.requests()).allSatisfy(url -> assertThat(url).startsWith(base.toString()));
            assertThat(tab.complaints()).isEmpty();
            assertThat(tab.evaluate("getComputedStyle(document.querySelector('.add')).borderRadius"))
                    .isEqualTo("22px");
            // nothing is wider than the window
            assertThat(tab.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                    .isEqualTo(true);
        }
    }

    @Test
    void aClickPutsItIntoTheCartAndComesBackWithoutAScript() {
        demo();
        try (Browser.Tab tab = browser.tab(1280, 900).withoutScript()) {
            tab.open(base.resolve("/?category_id=3")).whole();

            tab.evaluate("document.querySelectorAll('button.add')[3].click()");
            tab.until("location.search === '?category_id=3&told=added'").whole();

            assertThat(tab.evaluate("document.querySelector('.notice').textContent"))
                    .isEqualTo("In your cart.");
            assertThat(behind.cart().requests()).anySatisfy(request -> assertThat(request.method() + request.target())
                    .isEqualTo("PUT/users/3/cart/4"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDoubleClickIsOneOrder(boolean script) {
        demo();
        behind.orders().answer(request -> request.method().equals("POST") ? placed() : read(request));
        try (Browser.Tab tab = browser.tab(1280, 900)) {
            if (!script) {
                tab.withoutScript();
            }
            checkout(tab);

            tab.evaluate("{ const button = document.querySelector('.checkout .do'); button.click(); button.click(); }");

            tab.until("location.pathname === '/shop/orders/" + ORDER + "'").whole();
            await().until(() -> behind.orders().underWay() == 0);
            assertThat(keys().stream().distinct()).hasSize(1);
            // else the cart would be ordered once more, under another key
            await().untilAsserted(() -> assertThat(behind.cart().requests().stream()
                            .filter(request -> request.method().equals("DELETE"))
                            .map(FakeService.Request::target)
                            .distinct())
                    .containsExactlyInAnyOrder("/users/3/cart/1", "/users/3/cart/2"));
        }
    }

    @Test
    void anUnknownOutcomeIsAskedAgainByItselfUnderTheSameKey() {
        demo();
        behind.orders().answer(request -> request.method().equals("POST") ? Answer.CLOSES : read(request));
        try (Browser.Tab tab = browser.tab(1280, 900)) {
            checkout(tab);
            tab.evaluate("document.querySelector('.checkout .do').click()");
            tab.until("document.querySelector('h1')?.textContent === 'It is not known yet'")
                    .whole();
            tab.screenshot("outcome-unknown");

            behind.orders().answer(request -> request.method().equals("POST") ? placed() : read(request));

            tab.until("location.pathname === '/shop/orders/" + ORDER + "'").whole();
            assertThat(keys().stream().distinct()).hasSize(1);
            assertThat(tab.evaluate("localStorage.getItem('vitrina-unanswered')"))
                    .isNull();
        }
    }

    @Test
    void aFormWithoutAnAnswerIsOfferedAgainInAnotherTab() {
        demo();
        behind.orders().answer(request -> request.method().equals("POST") ? Answer.HANGS : read(request));
        try (Browser.Tab tab = browser.tab(1280, 900)) {
            checkout(tab);
            tab.evaluate("document.querySelector('.checkout .do').click()");
            await().until(() -> keys().size() == 1);
        }
        behind.orders().answer(request -> request.method().equals("POST") ? placed() : read(request));
        try (Browser.Tab tab = browser.tab(1280, 900)) {
            // another customer's page does not offer it, and what other forms have told does not settle it
            tab.open(base.resolve("/shop/cart?user_id=4&told=added"))
                    .whole()
                    .until("document.querySelector('.customer [name=user]')?.value === '4'");
            assertThat(tab.evaluate("document.querySelector('form.notice')")).isNull();
            tab.open(base.resolve("/shop/cart?told=added")).until("document.querySelector('form.notice .do') !== null");
            tab.screenshot("form-unanswered");
            tab.evaluate("document.querySelector('form.notice .do').click()");

            tab.until("location.pathname === '/shop/orders/" + ORDER + "'").whole();
            assertThat(keys().stream().distinct()).hasSize(1);
        }
    }

    @Test
    void aFormThatWasSentWithoutAConnectionIsOfferedAgainWhenThereIsOne() {
        demo();
        behind.orders().answer(request -> request.method().equals("POST") ? placed() : read(request));
        try (Browser.Tab tab = browser.tab(1280, 900)) {
            checkout(tab);
            tab.offline(true);
            tab.evaluate("document.querySelector('.checkout .do').click()");
            tab.until("document.querySelector('.checkout') === null");
            assertThat(keys()).isEmpty();

            tab.offline(false);
            tab.open(base.resolve("/shop/cart")).until("document.querySelector('form.notice .do') !== null");
            tab.evaluate("document.querySelector('form.notice .do').click()");

            tab.until("location.pathname === '/shop/orders/" + ORDER + "'").whole();
            assertThat(keys().stream().distinct()).hasSize(1);
        }
    }

    @Test
    void whatWasMissingFillsInWhenItRecovers() {
        demo();
        behind.cart().answer(Answer.status(400));
        try (Browser.Tab tab = browser.tab(1280, 900)) {
            tab.open(base).whole().until("document.querySelector('[slot=cart].unknown') !== null");

            tab.evaluate("document.querySelector('#product-2 .add').focus()");
            behind.heal();
            demo();

            tab.until("document.querySelector('[slot=cart]').textContent === '2'");
            assertThat(tab.evaluate(assigned("p1"))).isEqualTo("ARTICLE");
            assertThat(tab.evaluate("document.activeElement.closest('article')?.id"))
                    .isEqualTo("product-2");
        }
    }

    @Test
    void aPageThatWasMissingComesWhenItCan() {
        demo();
        behind.cart().answer(Answer.status(400));
        try (Browser.Tab tab = browser.tab(1280, 900)) {
            tab.open(base.resolve("/shop/cart")).whole().until("document.querySelector('.missing') !== null");

            behind.heal();
            demo();

            tab.until("document.querySelector('.lines') !== null");
        }
    }

    @Test
    void anOrderThatSettlesChangesItsPageByItself() {
        demo();
        CountDownLatch settled = new CountDownLatch(1);
        behind.orders().answer(request -> {
            String status = settled.getCount() > 0 ? "pending" : "confirmed";
            String order = PLACED.replace("confirmed", status);
            return request.target().contains("/events")
                    // named after its state, as orders names them
                    ? Answer.of(
                                    200,
                                    Map.of("Content-Type", "text/event-stream"),
                                    "id: 2\nevent: order.confirmed\ndata: " + PLACED + "\n\n")
                            .when(settled)
                    : Answer.json(order);
        });
        try (Browser.Tab tab = browser.tab(1280, 900)) {
            tab.open(base.resolve("/shop/orders/" + ORDER + "?told=pending"))
                    .whole()
                    .until("document.querySelector('.state')?.textContent === 'Being checked'");
            await().until(() -> behind.orders().requests().stream()
                    .anyMatch(request -> request.target().contains("/events")));

            settled.countDown();

            tab.until("document.querySelector('.state')?.textContent === 'Confirmed'");
            // what the form had told is no longer so
            assertThat(tab.evaluate("location.search")).isEqualTo("");
        }
    }

    private void checkout(Browser.Tab tab) {
        tab.open(base.resolve("/shop/checkout"))
                .until("document.querySelector('.checkout') !== null")
                .whole();
        tab.evaluate("document.querySelector('#shipping_to').value = 'Тула'");
    }

    private List<String> keys() {
        return behind.orders().requests().stream()
                .filter(request -> request.method().equals("POST"))
                .map(request -> String.valueOf(request.header("Idempotency-Key")))
                .toList();
    }

    private static Answer placed() {
        return Answer.of(201, Map.of(), PLACED);
    }

    private static Answer read(FakeService.Request request) {
        return Answer.json(request.target().contains(ORDER) ? PLACED : "{\"orders\":[]}");
    }

    @ParameterizedTest
    @CsvSource({
        "home-light,      /,                 1280, 1100, en, light",
        "home-dark,       /,                 1280, 1100, en, dark",
        "home-phone,      /,                 360,  780,  en, light",
        "home-phone-dark, /,                 360,  780,  ru, dark",
        "home-wide,       /,                 1920, 1080, ru, light",
        "product,         /shop/products/3,  1280, 900,  ru, light",
        "product-phone,   /shop/products/3,  360,  780,  en, dark",
        "cart,            /shop/cart,        1280, 800,  en, light",
        "cart-phone,      /shop/cart,        360,  780,  ru, light",
        "checkout,        /shop/checkout,    1280, 800,  ru, light",
        "checkout-phone,  /shop/checkout,    360,  780,  en, dark",
        "orders,          /shop/orders,      1280, 700,  en, dark",
        "orders-phone,    /shop/orders,      360,  640,  ru, light",
        "order,           /shop/orders/019ad000-0000-7000-8000-000000000001?told=placed-before, 1280, 900, en, light",
        "wallet-phone,    /shop/wallet,      360,  700,  ru, dark",
        "favorites,       /shop/favorites,   1280, 800,  ru, dark",
        "keeper,          /shop/keeper,      1280, 900,  en, light",
        "keeper-phone,    /shop/keeper/products/3?told=kept, 360, 900, ru, dark",
        "keeper-product,  /shop/keeper/products/3, 1280, 900, en, light",
        "model-dark,      /shop/model,       1280, 900,  ru, dark",
        "model-answer,    /shop/model/019ad000-0000-4000-8000-000000000001, 360, 700, ru, light",
        "messages,        /shop/notifications, 1280, 600, en, light",
        "not-found,       /no/such/page,     1280, 800,  ru, light"
    })
    void looksAsItShould(String name, String path, int width, int height, String language, String colours) {
        demo();
        try (Browser.Tab tab = browser.tab(width, height).language(language)) {
            tab.colours(colours).open(base.resolve(path)).whole().screenshot(name);

            assertThat((Integer) tab.evaluate("document.documentElement.scrollWidth"))
                    .as("nothing is wider than the window")
                    .isLessThanOrEqualTo(width);
            assertThat(tab.evaluate("document.documentElement.lang")).isEqualTo(language);
            assertThat(tab.complaints().stream().filter(text -> !text.contains("404")))
                    .isEmpty();
            assertThat(tab.barriers()).isEmpty();
            assertThat(tab.colours(colours.equals("dark") ? "light" : "dark").barriers())
                    .isEmpty();
        }
    }

    @Test
    void theFirstViewIsSmall() {
        demo();
        try (Browser.Tab tab = browser.tab(1280, 900).withoutCopies()) {
            tab.open(base.resolve("/?limit=24")).whole();

            Object transferred = tab.evaluate("[...performance.getEntriesByType('navigation'), "
                    + "...performance.getEntriesByType('resource')].reduce((sum, each) => sum + each.transferSize, 0)");
            assertThat((Integer) transferred).isBetween(8_000, 60 * 1024);
        }
    }

    @Test
    void theModelsAnswerComesByItselfAndWithoutAScriptByLookingAgain() {
        demo();
        String id = "8d0f3a52-97b1-4f3c-9a61-0d6a7f1c2b3e";
        String pending = "{\"request_id\":\"" + id + "\",\"status\":\"pending\"}";
        String done = pending.replace("\"pending\"", "\"done\",\"value\":150.647483,\"model_version\":\"v-7\"");
        for (boolean script : new boolean[] {true, false}) {
            CountDownLatch answered = new CountDownLatch(1);
            behind.predictions().answer(request -> {
                if (request.method().equals("POST")) {
                    return Answer.of(202, Map.of(), pending);
                }
                return request.target().endsWith("/events")
                        ? Answer.of(
                                        200,
                                        Map.of("Content-Type", "text/event-stream"),
                                        "id: 2\nevent: request.done\ndata: " + done + "\n\n")
                                .when(answered)
                        : Answer.json(answered.getCount() > 0 ? pending : done);
            });
            try (Browser.Tab tab =
                    script ? browser.tab(360, 780) : browser.tab(1280, 900).withoutScript()) {
                tab.open(base.resolve("/shop/model"))
                        .until("document.querySelector('.features') !== null")
                        .whole()
                        .screenshot(script ? "model-phone" : "model");
                tab.evaluate("document.querySelectorAll('.features input').forEach(field => { field.value = '0,5' })");
                tab.evaluate("document.querySelector('.ask .do').click()");
                tab.until("document.querySelector('.waits') !== null").whole().screenshot("model-waits-" + script);

                if (script) { // asked once, and told: it does not look again and again
                    await().until(() -> behind.predictions().requests().stream()
                            .anyMatch(request -> request.target().endsWith(id + "/events")));
                }
                answered.countDown();

                tab.until("document.querySelector('.balance strong')?.textContent === '150.65'")
                        .screenshot("model-answer-" + script);
                assertThat(tab.evaluate("location.pathname + location.search")).isEqualTo("/shop/model/" + id);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsShownForAnErrorComesByItselfWhenItCan(boolean script) {
        demo();
        behind.wallet().answer(Answer.status(503));
        try (Browser.Tab tab =
                script ? browser.tab(1280, 900) : browser.tab(360, 780).withoutScript()) {
            tab.open(base.resolve("/wallet"))
                    .whole()
                    .until("document.querySelector('.error') !== null")
                    .screenshot(script ? "away" : "away-phone");
            if (script) {
                assertThat(tab.barriers()).isEmpty();
            }

            behind.heal();

            tab.until("document.body.textContent.includes('balance')");
        }
    }

    @ParameterizedTest
    @CsvSource({"home-stock-unknown, inventory", "home-cart-unknown, cart", "home-without-products, products"})
    void staysCalmWhenAPartIsAway(String name, String part) {
        demo();
        FakeService away =
                switch (part) {
                    case "inventory" -> behind.inventory();
                    case "cart" -> behind.cart();
                    default -> behind.products();
                };
        away.answer(Answer.status(500));
        try (Browser.Tab tab = browser.tab(1280, 900)) {
            tab.open(base).whole().screenshot(name);

            assertThat(tab.evaluate("document.body.innerText.toLowerCase()").toString())
                    .doesNotContain("error", "timeout", "null", "exception", "undefined");
        }
    }

    private static String assigned(String slot) {
        return "%s?.querySelector('slot[name=%s]')?.assignedElements()[0]?.tagName".formatted(SHADOW, slot);
    }

    /** A shelf that looks like one. */
    private void demo() {
        String[] names = {
            "Сковорода чугунная «Уральская», 26 см",
            "Чайник электрический «Заря», 1,7 л",
            "Наушники беспроводные «Соловей» с шумоподавлением",
            "А. С. Пушкин. Евгений Онегин",
            "Иван-чай ферментированный, 100 г",
            "Валенки ручной валки, серые",
            "Плед из овечьей шерсти, 150×200 см",
            "Лыжи беговые «Лахти», 195 см"
        };
        String[] prices = {"2500.00", "2890.00", "6990.00", "450.00", "290.00", "3290.00", "4190.50", "6990.00"};
        var list = new io.vertx.core.json.JsonArray();
        for (int id = 1; id <= names.length; id++) {
            list.add(new io.vertx.core.json.JsonObject()
                    .put("product_id", id)
                    .put("product_name", names[id - 1])
                    .put("price", prices[id - 1])
                    .put("category_id", id));
        }
        behind.products().answer(request -> {
            if (request.target().equals("/categories")) {
                return Answer.json("[{\"category_id\":1,\"name\":\"Кухня и посуда\"},{\"category_id\":2,\"name\":"
                        + "\"Бытовая техника\"},{\"category_id\":3,\"name\":\"Электроника\"},{\"category_id\":4,"
                        + "\"name\":\"Книги\"},{\"category_id\":5,\"name\":\"Чай, кофе и сладости\"}]");
            }
            return request.target().startsWith("/products/")
                    ? Answer.of(
                            200, Map.of("ETag", "\"7\""), list.getJsonObject(2).encode())
                    : Answer.json(list.encode());
        });
        behind.inventory()
                .answer(request -> request.target().endsWith("/stock")
                        ? Answer.of(200, Map.of("ETag", "\"60\""), "{\"on_hand\":60,\"reserved\":20}")
                        : Backs.levels(request));
        behind.orders()
                .answer(request -> Answer.json(
                        request.target().contains(ORDER)
                                ? PLACED
                                : "{\"orders\":[" + PLACED + "," + PLACED.replace("confirmed", "cancelled") + "]}"));
        behind.wallet().answer(Answer.json("{\"balance\":\"100320.50\",\"currency\":\"RUB\"}"));
        behind.predictions().answer(Answer.json("{\"product_id\":3,\"value\":150.647483}"));
        behind.notifications()
                .answer(Answer.json(
                        "[{\"text\":\"Заказ подтверждён, сумма 7890.00.\",\"state\":\"sent\",\"order_id\":\"" + ORDER
                                + "\",\"created_at\":\"2026-11-30T12:00:00Z\"}]"));
    }
}
