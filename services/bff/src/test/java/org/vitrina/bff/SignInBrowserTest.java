package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.browser.Browser;

/** Signing in and out in a real browser; its pictures are in {@code target/screenshots}. */
@QuarkusTest
@WithTestResource(DemoBacks.class)
class SignInBrowserTest extends BrowserTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void signsInBuysAndSignsOutWithAndWithoutAScript(boolean script) {
        try (Browser.Tab tab =
                script ? browser.tab(1280, 900) : browser.tab(1280, 900).withoutScript()) {
            // what is a customer's leads to signing in, and back
            tab.open(base.resolve("/shop/cart"))
                    .until("location.pathname === '/session/sign-in'")
                    .whole();
            tab.evaluate("document.querySelector('.person[value=\"2\"]').click()");
            tab.until("location.pathname === '/shop/cart'").whole();
            assertThat(tab.evaluate("document.querySelector('.who span').textContent"))
                    .isEqualTo("Customer 2");
            // no script can read it
            assertThat(tab.evaluate("document.cookie")).isEqualTo("");

            tab.open(base)
                    .until("document.querySelectorAll('button.add').length === 3")
                    .whole();
            tab.evaluate("document.querySelectorAll('button.add')[2].click()");
            tab.until("location.search === '?told=added'").whole();
            assertThat(behind.cart().requests()).anySatisfy(request -> assertThat(request.method() + request.target())
                    .isEqualTo("PUT/users/2/cart/3"));
            tab.screenshot("signed-in" + (script ? "" : "-without-a-script"));

            tab.evaluate("document.querySelector('.who button').click()");
            tab.until("document.querySelector('.enter') !== null").whole();
            assertThat(tab.evaluate("document.querySelector('.who')")).isNull();
            tab.open(base.resolve("/shop/orders")).until("location.pathname === '/session/sign-in'");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "sign-in,             1280,  900, light, en",
        "sign-in-dark,        1280,  900, dark,  en",
        "sign-in-phone-ru,     360,  760, light, ru",
        "sign-in-phone-dark,   360,  760, dark,  ru",
        "sign-in-wide,        1920, 1000, light, ru"
    })
    void thePageOfSigningInIsForEverybody(String picture, int width, int height, String colours, String language) {
        try (Browser.Tab tab = browser.tab(width, height).colours(colours).language(language)) {
            tab.open(base.resolve("/session/sign-in")).whole();

            tab.screenshot(picture);
            assertThat(tab.barriers()).isEmpty();
            assertThat(tab.complaints()).isEmpty();
            assertThat(tab.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                    .isEqualTo(true);
            tab.open(base)
                    .until("document.querySelectorAll('button.add').length === 3")
                    .whole();
            tab.screenshot(picture.replace("sign-in", "signed-out"));
            assertThat(tab.barriers()).isEmpty();
            assertThat(tab.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                    .isEqualTo(true);
        }
    }

    @Test
    void aFormWhoseSessionHasEndedSaysWhatHelps() {
        try (Browser.Tab tab = browser.tab(1280, 900)) {
            tab.open(base.resolve("/session/sign-in?back=%2Fshop%2Fwallet")).whole();
            tab.evaluate("document.querySelector('.person[value=\"1\"]').click()");
            tab.until("location.pathname === '/shop/wallet'").until("document.querySelector('.panel button') !== null");
            // in another tab
            tab.evaluate("fetch('/session').then(answer => answer.json()).then(session => fetch('/session/sign-out', "
                    + "{ method: 'POST', headers: { 'X-CSRF-Token': session.csrf_token } }))");

            tab.evaluate("document.querySelector('.panel button').click()");
            tab.until("document.querySelector('h1')?.textContent === 'Please sign in'")
                    .whole()
                    .screenshot("session-ended");
            assertThat(tab.barriers()).isEmpty();

            assertThat(behind.wallet().requests())
                    .noneMatch(request -> request.method().equals("POST"));
        }
    }
}
