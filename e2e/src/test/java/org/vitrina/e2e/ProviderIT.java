package org.vitrina.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.vitrina.launcher.Stack;
import org.vitrina.launcher.StackBuilder;
import org.vitrina.servers.RedisServer;
import org.vitrina.testing.browser.Browser;
import org.vitrina.testing.identity.TestProvider;

/**
 * The packaged store whose visitors a provider signs in ({@code vitrina.auth=oidc}), with two BFFs, in a real browser, for which
 * both are one site: cookies know no ports.
 */
@SuppressWarnings("NullAway.Init") // before all tests
class ProviderIT {
    private static final Path FOLDER = Store.project().resolve("e2e/target/provider");
    private static final String ONE = "bff";
    private static final String TWO = "bff-2";
    private static final List<String> SERVICES =
            List.of("products", "inventory", "cart", "favorites", "wallet", "orders", ONE);
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int USER = 1;
    private static final String ADDRESS = "Zaraysk, ul. " + UUID.randomUUID();
    private static final String PHONE = "+79%09d".formatted(Math.floorMod(System.nanoTime(), 1_000_000_000L));

    /** Header and claims of a JWT, or of an encrypted one its header and the empty key. */
    private static final Pattern TOKEN = Pattern.compile("eyJ[A-Za-z0-9_-]{10,}\\.(?:eyJ[A-Za-z0-9_-]{10,}|)\\.");

    private static TestProvider provider;
    private static Stack stack;
    private static Browser browser;

    @BeforeAll
    static void start() throws IOException {
        provider = new TestProvider();
        provider.reset();
        provider.user = USER;
        StackBuilder builder = Stack.builder(Store.project())
                .directory(FOLDER)
                .only(SERVICES.toArray(String[]::new))
                .replicas(ONE, 2);
        for (String service : SERVICES) {
            builder.environment(service, "VITRINA_AUTH", "oidc")
                    .environment(service, "VITRINA_IDENTITY_ISSUER", provider.url())
                    .environment(service, "VITRINA_IDENTITY_USER_CLAIM", "user_id")
                    .environment(service, "VITRINA_IDENTITY_ROLES_CLAIM", "realm_access/roles");
        }
        for (String service : List.of("orders", ONE)) {
            builder.environment(service, "VITRINA_IDENTITY_CLIENT_ID", TestProvider.CLIENT)
                    .environment(service, "VITRINA_IDENTITY_CLIENT_SECRET", TestProvider.SECRET);
        }
        stack = builder.environment("orders", "VITRINA_IDENTITY_TOKEN_URL", provider.url() + "/token")
                .environment(ONE, "VITRINA_SESSION_KEYS", "c2l4dGVlbiBieXRlcyBhbmQgdGhlbiBzaXh0ZWVuISE")
                .environment(
                        ONE, "VITRINA_SESSION_REDIS_URL", RedisServer.shared().url())
                .start();
        stack.awaitReady(TIMEOUT);
        browser = Browser.start();
    }

    @AfterAll
    static void end() throws IOException {
        try (AutoCloseable theirs = provider) {
            if (browser != null) {
                browser.close();
            }
            if (stack != null) {
                stack.close();
            }
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aBuyerSignsInOrdersAndSignsOutThoughTheReplicaOfTheSignInDies() throws Exception {
        try (Browser.Tab tab = browser.tab(1280, 900)) {
            tab.open(at(ONE, "/shop/cart"))
                    .until("location.port === '" + provider.service().port() + "'")
                    .until("document.querySelector('#go') !== null");
            tab.evaluate("document.querySelector('#go').click()");
            tab.until("location.pathname === '/shop/cart'").whole();
            assertThat(tab.evaluate("document.querySelector('.who span').textContent"))
                    .isEqualTo("Customer " + USER);
            assertThat(tab.evaluate("document.cookie")).isEqualTo("");

            tab.open(at(ONE, "/"))
                    .until("document.querySelector('button.add') !== null")
                    .whole();
            tab.evaluate("document.querySelector('button.add').click()");
            tab.until("location.search === '?told=added'").whole();
            tab.open(at(ONE, "/shop/checkout"))
                    .until("document.querySelector('.checkout') !== null")
                    .whole();
            tab.evaluate("document.querySelector('#shipping_to').value = '" + ADDRESS + "'");
            tab.evaluate("document.querySelector('#phone').value = '" + PHONE + "'");
            tab.evaluate("document.querySelector('.checkout .do').click()");
            tab.until("location.pathname.startsWith('/shop/orders/0')").whole();
            String order = Objects.toString(tab.evaluate("location.pathname"));

            stack.kill(ONE);
            tab.open(at(TWO, order)).until("document.body.textContent.includes('" + ADDRESS + "')");
            assertThat(tab.evaluate("document.querySelector('.who span').textContent"))
                    .isEqualTo("Customer " + USER);

            int before = provider.givenUp();
            tab.evaluate("document.querySelector('.who button').click()");
            tab.until("location.pathname === '/' && document.querySelector('.enter') !== null")
                    .whole();
            assertThat(provider.givenUp()).isEqualTo(before + 1);

            stack.start(ONE);
            stack.awaitReady(ONE, TIMEOUT);
            tab.open(at(ONE, order))
                    .until("location.port === '" + provider.service().port() + "'");
            assertThat(tab.complaints()).isEmpty();
        }
        nothingIsInALog();
    }

    private static void nothingIsInALog() throws IOException {
        for (String part : List.of("products", "inventory", "cart", "favorites", "wallet", "orders", ONE, TWO)) {
            assertThat(Files.readAllLines(stack.log(part)))
                    .as(part)
                    .isNotEmpty()
                    .noneMatch(line -> line.contains(PHONE)
                            || line.contains(ADDRESS)
                            || line.contains(TestProvider.SECRET)
                            || TOKEN.matcher(line).find());
        }
    }

    private static URI at(String bff, String path) {
        return URI.create(stack.address(bff).url() + path);
    }
}
