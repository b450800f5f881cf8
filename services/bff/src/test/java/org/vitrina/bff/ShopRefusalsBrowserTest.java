package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrina.testing.browser.Browser;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.http.FakeService.Request;

/** What each form shows when it is refused, as those meet it who hear a page or cannot tell its colours apart (axe-core). */
@QuarkusTest
class ShopRefusalsBrowserTest extends BrowserTest {
    private static final String VALIDATION = "urn:vitrina:problem:validation";
    private static final String CHECKOUT = "key=k-%s&version=%%2242%%22&line=1*1.50*5&shipping_to=Tula&phone=";

    @ParameterizedTest
    @CsvSource({"en, light, 1280", "ru, dark, 360"})
    void hasNoBarriers(String language, String colours, int width) {
        behind.products().answer(ShopRefusalsBrowserTest::products);
        behind.inventory().answer(ShopRefusalsBrowserTest::inventory);
        try (Browser.Tab tab =
                browser.tab(width, 900).language(language).colours(colours).open(base.resolve("/shop/cart"))) {
            tab.whole();
            refused(tab, "bad-quantity", "/shop/cart/set", "product=1&quantity=0", ".error");
            refused(tab, "other-customer", "/shop/cart/set", "user=4&product=1&quantity=1", ".notice.bad");

            refused(tab, "empty-name", "/shop/keeper/products/3", "name=&price=1&version=%227%22", ".notice.bad");
            refused(tab, "old-name", "/shop/keeper/products/3", "name=Tea&price=1", ".notice.bad");
            refused(tab, "bad-count", "/shop/keeper/products/3/stock", "on_hand=-1", ".notice.bad");

            behind.wallet().answer(request -> writes(request, 400, VALIDATION, "{\"balance\":\"10.00\"}"));
            refused(tab, "bad-amount", "/shop/wallet", "key=w&amount=none", ".notice.bad");

            refused(tab, "no-numbers", "/shop/model", "key=m&f1=many", ".notice.bad");

            behind.orders()
                    .answer(request ->
                            writes(request, 402, "urn:vitrina:problem:insufficient-funds", "{\"orders\":[]}"));
            refused(tab, "too-little-money", "/shop/checkout", CHECKOUT.formatted("1"), ".notice.bad");
            behind.orders()
                    .answer(request -> writes(request, 412, "urn:vitrina:problem:orders-changed", "{\"orders\":[]}"));
            refused(tab, "expired-page", "/shop/checkout", CHECKOUT.formatted("2"), ".notice.bad");
        }
    }

    /** Sends what a browser lets nobody send by the form itself. */
    private static void refused(Browser.Tab tab, String name, String path, String fields, String shown) {
        tab.evaluate("{ const form = Object.assign(document.createElement('form'), { method: 'post', action: '" + path
                + "' }); for (const [name, value] of new URLSearchParams('" + fields + "')) {"
                + " form.append(Object.assign(document.createElement('input'), { name, value })); }"
                + " document.body.replaceChildren(form); form.submit(); }");
        tab.until("document.querySelector('" + shown + "') !== null").whole();
        tab.screenshot("refused-" + name + "-" + tab.evaluate("document.documentElement.lang"));
        assertThat(tab.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .as(name)
                .isEqualTo(true);
        assertThat(tab.barriers()).as(name).isEmpty();
    }

    private static Answer writes(Request request, int status, String type, String read) {
        return request.method().equals("GET")
                ? Answer.of(200, Map.of("ETag", "\"42\""), read)
                : Answer.of(status, Map.of(), "{\"type\":\"" + type + "\"}");
    }

    private static Answer products(Request request) {
        if (request.target().startsWith("/categories")) {
            return Answer.json("[]");
        }
        return request.target().startsWith("/products/")
                ? writes(
                        request,
                        400,
                        VALIDATION,
                        "{\"product_id\":3,\"product_name\":\"Product 3\",\"price\":\"3.50\",\"category_id\":1}")
                : Backs.page(1, 2, 3);
    }

    private static Answer inventory(Request request) {
        return request.target().endsWith("/stock")
                ? Answer.of(200, Map.of("ETag", "\"60\""), "{\"on_hand\":60,\"reserved\":20}")
                : Backs.levels(request);
    }
}
