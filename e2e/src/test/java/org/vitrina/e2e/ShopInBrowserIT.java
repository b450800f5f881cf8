package org.vitrina.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrina.launcher.Stack;
import org.vitrina.testing.browser.Browser;

/**
 * The shop in a real browser while parts of the packaged system hang or are dead: what people see then, and that it comes back.
 * Pictures are in {@code target/screenshots}.
 */
class ShopInBrowserIT {
    private static final Store STORE = Store.running();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Stack stack = STORE.stack();
    private final URI shop = URI.create(stack.address("bff").url());
    private final URI withoutCopies =
            URI.create(STORE.uncachedStack().address("bff").url());

    @SuppressWarnings("NullAway.Init")
    private static Browser browser;

    /** How a part fails. */
    enum Fault {
        FROZEN,
        KILLED
    }

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.start();
    }

    @AfterAll
    static void stop() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void heal() {
        STORE.heal();
    }

    /** Each part with each fault, and between them both languages, two widths, with and without scripts. */
    @ParameterizedTest
    @CsvSource({
        "inventory, FROZEN, 1280, en, true",
        "inventory, KILLED, 360,  ru, false",
        "cart,      FROZEN, 360,  en, false",
        "cart,      KILLED, 1280, ru, true",
        "favorites, FROZEN, 1280, ru, false",
        "favorites, KILLED, 360,  en, true",
        "products,  FROZEN, 360,  ru, true",
        "products,  KILLED, 1280, en, false"
    })
    void whatIsMissingIsSaidAndComesBack(String part, Fault fault, int width, String language, boolean script) {
        String missing =
                switch (part) {
                    case "inventory" -> "document.querySelector('.stock.unknown') !== null && " + CARDS;
                    case "products" -> "document.querySelector('.away[slot=trouble]') !== null && !(" + CARDS + ")";
                    default -> "document.querySelector('.count.unknown[slot=%s]') !== null && ".formatted(part) + CARDS;
                };
        try (Browser.Tab tab = tab(width, language, script)) {
            strike(part, fault);
            try {
                tab.open(withoutCopies).whole().until(missing);
                tab.screenshot(part + "-" + fault.name().toLowerCase(Locale.ROOT));
                assertThat(tab.evaluate("document.body.innerText.toLowerCase()").toString())
                        .doesNotContain("error", "timeout", "null", "exception", "undefined");
                assertThat(tab.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                        .isEqualTo(true);
                if (script) {
                    assertThat(tab.barriers()).isEmpty();
                }
            } finally {
                mend(part, fault);
            }
            if (!script && !part.equals("products")) {
                tab.open(withoutCopies).whole(); // the catalogue's page comes again by itself without a script too
            }
            tab.until("document.querySelector('.unknown, .away') === null && " + CARDS);
        }
    }

    /** With copies at hand nobody notices but by what stands beside them. */
    @ParameterizedTest
    @CsvSource({"redis, 1280, en", "postgres, 360, ru"})
    void aPageFromCopiesStays(String part, int width, String language) {
        try (Browser.Tab tab = tab(width, language, false)) {
            tab.open(shop).whole().until(CARDS);
            strike(part, Fault.FROZEN);
            try {
                tab.open(shop).whole().until(CARDS);
                tab.screenshot(part + "-frozen");
                assertThat(tab.evaluate("document.querySelector('.away') === null"))
                        .isEqualTo(true);
            } finally {
                mend(part, Fault.FROZEN);
            }
        }
    }

    /** Whatever becomes of orders while the button is pressed, there is one order in the end, and the page leads to it. */
    @ParameterizedTest
    @CsvSource({"FROZEN, true, 4", "FROZEN, false, 5", "KILLED, true, 4", "KILLED, false, 5"})
    void anOrderThatGetsNoAnswerIsPlacedOnce(Fault fault, boolean script, int user) throws IOException {
        int before = orders(user);
        try (Browser.Tab tab = tab(1280, "en", script)) {
            checkout(tab, user);
            strike("orders", fault);
            try {
                tab.evaluate(ORDER);
                tab.until("document.querySelector('form.repeat') !== null").whole();
                tab.screenshot("order-while-orders-is-" + fault.name().toLowerCase(Locale.ROOT));
            } finally {
                mend("orders", fault);
            }
            if (!script) {
                tab.evaluate("document.querySelector('form.repeat .do').click()");
            }
            tab.until(ON_ORDER).whole();
        }
        assertThat(orders(user)).isEqualTo(before + 1);
    }

    /** Back to the form that was sent: it is sent again under its key, or the cart is empty by now. */
    @Test
    void theBackButtonMakesNoSecondOrder() throws IOException {
        int before = orders(4);
        try (Browser.Tab tab = tab(1280, "en", true)) {
            checkout(tab, 4);
            tab.evaluate(ORDER);
            tab.until(ON_ORDER).whole();
            tab.evaluate("history.back()");
            tab.until("location.pathname === '/shop/checkout'").whole();
            tab.until("document.querySelector('.checkout .do, .away') !== null");
            tab.screenshot("back-to-the-checkout");
            if (Boolean.TRUE.equals(tab.evaluate("document.querySelector('.checkout .do') !== null"))) {
                tab.evaluate(ORDER);
                tab.until(ON_ORDER).whole();
            }
        }
        assertThat(orders(4)).isEqualTo(before + 1);
    }

    /** A form from before another order of the same customer: it is shown once more, and then it is one order. */
    @Test
    void anExpiredPageIsAskedOnceMore() throws IOException {
        int before = orders(5);
        try (Browser.Tab old = tab(360, "en", false);
                Browser.Tab tab = tab(1280, "en", true)) {
            checkout(old, 5);
            checkout(tab, 5);
            tab.evaluate(ORDER);
            tab.until(ON_ORDER).whole();

            old.evaluate("document.querySelector('.checkout .do').click()");
            old.until("document.querySelector('.notice.bad, .notice.calm') !== null")
                    .whole();
            old.screenshot("checkout-expired");
        }
        assertThat(orders(5)).isEqualTo(before + 1);
    }

    private static final String CARDS = "document.querySelectorAll('article.card').length > 3";
    private static final String ORDER = "document.querySelector('.checkout .do').click()";
    private static final String ON_ORDER = "/^\\/shop\\/orders\\/.+/.test(location.pathname)";

    private static Browser.Tab tab(int width, String language, boolean script) {
        Browser.Tab tab = browser.tab(width, width < 700 ? 780 : 900).language(language);
        return script ? tab : tab.withoutScript();
    }

    private void checkout(Browser.Tab tab, int user) {
        STORE.cached().form("/shop/cart/add?user_id=" + user, "user=" + user + "&product=1&back=/");
        tab.open(shop.resolve("/shop/checkout?user_id=" + user))
                .until("document.querySelector('.checkout .do') !== null")
                .whole();
        tab.evaluate("document.querySelector('#shipping_to').value = 'Тула'");
    }

    private static int orders(int user) throws IOException {
        String body =
                STORE.cached().get("/api/v1/orders/?limit=100&user_id=" + user).body();
        return new ObjectMapper().readTree(body).path("orders").size();
    }

    private void strike(String part, Fault fault) {
        if (fault == Fault.FROZEN) {
            stack.freeze(part);
        } else {
            stack.kill(part);
        }
    }

    private void mend(String part, Fault fault) {
        if (fault == Fault.FROZEN) {
            stack.thaw(part);
        } else {
            stack.start(part);
            stack.awaitReady(part, TIMEOUT);
        }
    }
}
