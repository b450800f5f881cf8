package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.http.Answer;

/** The shop's pages behind a proxy that shows them under another path, name and scheme. */
@QuarkusTest
class ShopBehindProxyTest extends BffTest {
    private static final String ORDER = "019ad000-0000-7000-8000-000000000001";
    private static final String ORDERS = "{\"order_id\":\"" + ORDER + "\",\"status\":\"pending\",\"products\":"
            + "[{\"id\":1,\"price\":\"1.50\",\"quantity\":5}],\"total\":\"7.50\",\"shipping_to\":\"Tula\","
            + "\"created_at\":\"2026-11-30T12:00:00Z\"}";
    private static final Pattern ADDRESS = Pattern.compile("(?:href|action|src|data-events|url)=\"?([^\" >]*)");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/?limit=2&q=a",
                "/shop/products/3",
                "/shop/cart",
                "/shop/checkout",
                "/shop/favorites",
                "/shop/orders",
                "/shop/orders/" + ORDER,
                "/shop/wallet",
                "/shop/notifications",
                "/shop/model",
                "/no/such/page",
                "/?limit=0"
            })
    void everyLinkOfAPageBeginsWithItsPrefix(String path) throws Exception {
        behind.orders().answer(request -> Answer.json(request.target().contains(ORDER) ? ORDERS : "{\"orders\":[]}"));
        String accept = "text/html,application/xhtml+xml";

        String page = Shop.from(Backs.PROXY, base)
                .get(path, "Accept", accept, "X-Forwarded-Prefix", "/north")
                .body();

        assertThat(page).contains("</html>");
        assertThat(ADDRESS.matcher(page).results().map(found -> found.group(1)))
                .isNotEmpty()
                .allMatch(address -> address.startsWith("/north/") || address.startsWith("#"), "begins with /north/");
        // from anybody else it is nothing
        assertThat(shop.get(path, "Accept", accept, "X-Forwarded-Prefix", "/north")
                        .body())
                .doesNotContain("/north");
    }

    @Test
    void redirectsAndWhatTheBrowserKeepsHaveItToo() throws Exception {
        Shop proxy = Shop.from(Backs.PROXY, base);
        String[] said = {"Content-Type", "application/x-www-form-urlencoded", "X-Forwarded-Prefix", "/north"};

        assertThat(proxy.send("POST", "/shop/cart/add", "product=3&back=%2F%3Fafter%3D2", said)
                        .is(303)
                        .header("Location"))
                .isEqualTo("/north/?after=2&told=added");
        Shop.Answer chosen = proxy.send("POST", "/shop/visitor/language", "language=ru&back=%2F", said)
                .is(303);
        assertThat(chosen.header("Location")).isEqualTo("/north/");
        assertThat(chosen.header("Set-Cookie")).contains("; Path=/north/;");
    }

    @Test
    void aFileIsWhereThePageSays() throws Exception {
        String page = Shop.from(Backs.PROXY, base)
                .get("/", "Accept", "text/html", "X-Forwarded-Prefix", "/north")
                .body();

        // the proxy takes its prefix off again
        ADDRESS.matcher(page)
                .results()
                .map((MatchResult found) -> found.group(1))
                .filter(address -> address.contains("/assets/"))
                .map(address -> address.substring("/north".length()).replaceFirst("#.*", ""))
                .distinct()
                .forEach(file -> shop.get(file).is(200));
    }

    @ParameterizedTest
    @CsvSource({
        "https://shop.example,      shop.example,     https, 303",
        "https://shop.example,      shop.example:443, https, 303",
        "http://shop.example,       shop.example,     https, 403",
        "https://evil.example,      shop.example,     https, 403",
        "https://evil.example,      evil.example,     https, 421"
    })
    void itsOwnOriginIsTheProxys(String origin, String host, String scheme, int status) throws Exception {
        String[] sent = {
            "Content-Type",
            "application/x-www-form-urlencoded",
            "Origin",
            origin,
            "X-Forwarded-Host",
            host,
            "X-Forwarded-Proto",
            scheme
        };

        Shop.from(Backs.PROXY, base)
                .send("POST", "/shop/favorites/add", "product=2", sent)
                .is(status);
        // nobody else can say so
        shop.send("POST", "/shop/favorites/add", "product=2", sent).is(403);
    }

    @Test
    void theTextNamesTheAddressByWhichItIsReached() throws Exception {
        assertThat(Shop.from(Backs.PROXY, base)
                        .get(
                                "/",
                                "X-Forwarded-Host",
                                "shop.example",
                                "X-Forwarded-Proto",
                                "https",
                                "X-Forwarded-Prefix",
                                "/north")
                        .body())
                .contains("https://shop.example/north/products/1");
    }
}
