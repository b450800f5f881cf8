package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.browser.Browser;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.identity.TestProvider;

/** Signing in at a provider in a real browser, which the provider's host is another site to. */
@QuarkusTest
@WithTestResource(OidcBacks.class)
class OidcBrowserTest extends BrowserTest {
    private static final String ORDER = "019ad000-0000-7000-8000-000000000001";
    private static final String PLACED = "{\"order_id\":\"" + ORDER + "\",\"status\":\"confirmed\",\"products\":"
            + "[{\"id\":1,\"price\":\"1.50\",\"quantity\":5}],\"total\":\"7.50\",\"shipping_to\":\"Tula\","
            + "\"created_at\":\"2026-11-30T12:00:00Z\"}";

    /** Filled by {@link OidcBacks}. */
    @SuppressWarnings("NullAway.Init")
    TestProvider provider;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void signsInOrdersAndSignsOutWithAndWithoutAScript(boolean script) {
        provider.reset();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> shop.get("/session/sign-in").status() == 302);
        provider.user = 2;
        behind.orders()
                .answer(request -> request.method().equals("POST")
                        ? Answer.of(201, Map.of(), PLACED)
                        : Answer.json(request.target().contains(ORDER) ? PLACED : "{\"orders\":[]}"));
        try (Browser.Tab tab =
                script ? browser.tab(1280, 900) : browser.tab(1280, 900).withoutScript()) {
            tab.open(base.resolve("/shop/checkout"))
                    .until("location.port === '" + provider.service().port() + "'")
                    .until("document.querySelector('#go') !== null");
            tab.evaluate("document.querySelector('#go').click()");
            tab.until("location.pathname === '/shop/checkout'")
                    .until("document.querySelector('.checkout') !== null")
                    .whole();
            assertThat(tab.evaluate("document.querySelector('.who span').textContent"))
                    .isEqualTo("Customer 2");
            assertThat(tab.evaluate("document.cookie")).isEqualTo("");

            tab.evaluate("document.querySelector('#shipping_to').value = 'Tula'");
            tab.evaluate("document.querySelector('.checkout .do').click()");
            tab.until("location.pathname === '/shop/orders/" + ORDER + "'").whole();
            assertThat(behind.orders().requests()).anySatisfy(request -> {
                assertThat(request.method()).isEqualTo("POST");
                assertThat(Objects.requireNonNull(request.header("Authorization")))
                        .startsWith("Bearer ey");
            });
            assertThat(tab.complaints()).isEmpty();

            tab.evaluate("document.querySelector('.who button').click()");
            // over the provider, which signs out too, and back
            tab.until("location.pathname === '/' && document.querySelector('.enter') !== null")
                    .whole();
            assertThat(provider.service().requests())
                    .anySatisfy(request -> assertThat(request.target()).startsWith("/logout?"));
            tab.open(base.resolve("/shop/orders"))
                    .until("location.port === '" + provider.service().port() + "'");
        }
    }
}
