package org.vitrina.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the suites read out of a page, and that they do not overlook a wrong one. */
class PageTest {
    private static final String PRODUCT =
            "{\"product_id\":1,\"product_name\":\"Lamp\",\"price\":\"10.00\",\"inventory\":%s}";

    private HttpServer bff;
    private volatile int status = 200;
    private volatile String type = "application/json";
    private volatile String body = "";

    @BeforeEach
    void startStub() throws IOException {
        bff = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        bff.createContext("/products/all", exchange -> {
            byte[] bytes = body.getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", type);
            exchange.getResponseHeaders().add("Server-Timing", "cart;dur=0.4;desc=ok, products;dur=1500.0;desc=ok");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        bff.start();
    }

    @AfterEach
    void stopStub() {
        bff.stop(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "3|3|57|| complete",
                "null|3|57|{'part':'cart','reason':'timeout','missing':1}| cart null (timeout)",
                "3|3|null|{'part':'inventory','reason':'circuit-open','missing':1}| inventory null (circuit-open)",
                "3|3|57|{'part':'inventory','reason':'stale','missing':0,'age_ms':5}| inventory stale",
                "3|3|57|{'part':'products','reason':'stale','age_ms':5}| products stale",
            })
    void namesWhatIsMissing(String cart, String favorites, String inventory, @Nullable String degraded, String label) {
        assertThat(page(cart, favorites, inventory, degraded).label()).isEqualTo(label);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "null|3|57|", // missing and not said so
                "3|3|null|",
                "2|3|57|", // not what the demo data holds
                "3|3|57|{'part':'cart','reason':'timeout','missing':1}", // said to be missing and there
                "3|null|57|{'part':'favorites','reason':'tired','missing':1}", // a reason of its own
                "3|3|57|{'part':'products','reason':'stale'}", // no age
                "3|3|null|{'part':'inventory','reason':'timeout','missing':2}", // wrong count
                "null|3|57|{'part':'cart','reason':'error'},{'part':'cart','reason':'timeout'}", // twice
            })
    void refusesAPageThatContradictsItselfOrTheContract(
            String cart, String favorites, String inventory, @Nullable String degraded) {
        Page page = page(cart, favorites, inventory, degraded);
        assertThatThrownBy(page::label).isInstanceOf(AssertionError.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 429, 502})
    void refusesAnUndocumentedStatus(int undocumented) {
        status = undocumented;
        type = "application/problem+json";
        body = "{\"type\":\"urn:vitrina:problem:x\",\"status\":" + undocumented + ",\"detail\":\"d\",\"error\":\"d\"}";
        Page page = new Shop(root()).page();
        assertThatThrownBy(page::label).isInstanceOf(AssertionError.class).hasMessageContaining("documented");
    }

    @Test
    void refusesAnAnswerThatIsOutTooLateByItsOwnAccount() {
        Page page = page("3", "3", "57", null);
        assertThat(page.within(Duration.ofSeconds(2)).label()).isEqualTo(Page.COMPLETE);
        assertThatThrownBy(() -> page.within(Duration.ofSeconds(1))).isInstanceOf(AssertionError.class);
    }

    private Page page(String cart, String favorites, String inventory, @Nullable String degraded) {
        body = "{\"cart_items\":" + cart + ",\"favorite_items\":" + favorites + ",\"products\":["
                + PRODUCT.formatted(inventory) + "],\"degraded\":["
                + (degraded == null ? "" : degraded.replace('\'', '"')) + "]}";
        return new Shop(root()).page();
    }

    private String root() {
        return "http://127.0.0.1:" + bff.getAddress().getPort();
    }
}
