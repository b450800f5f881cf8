package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults switched on at the management port of a real server, and what its callers get. */
@QuarkusTest
class TrialFaultSwitchTest {
    /** Nothing else in these tests is asked for it. */
    private static final String ROUTE = "/things/77";

    @TestHTTPResource("/")
    URI base;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @AfterEach
    void off() throws Exception {
        assertThat(new Http(management)
                        .send(new Http(management).to("/ops/faults").DELETE())
                        .status())
                .isEqualTo(204);
    }

    private Http.Answer set(String id, String json, String... headers) throws Exception {
        HttpRequest.Builder request = new Http(management)
                .to("/ops/faults/" + id)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(json));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return new Http(management).send(request);
    }

    private void on(String json) throws Exception {
        assertThat(set("one", json).status()).isEqualTo(200);
    }

    private JsonNode told() throws Exception {
        return new Http(management).get("/ops/faults").json().path("faults");
    }

    private int ask() throws Exception {
        return new Http(base).get(ROUTE).status();
    }

    private static String raw(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
    }

    @Test
    void answersWithAnErrorUntilTheFaultEndsByItself() throws Exception {
        on("{\"kind\":\"error\",\"status\":502,\"route\":\"" + ROUTE + "\",\"for_ms\":3000}");

        Http.Answer answer = new Http(base).get(ROUTE);
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.json().path("type").asText()).isEqualTo("urn:vitrina:problem:trial-fault");
        assertThat(answer.header("X-Request-Id")).isNotEmpty();
        assertThat(new Http(base).get("/things/1").status()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(20)).until(() -> ask() == 200);
        assertThat(told()).isEmpty();
    }

    @Test
    void resetsTheConnection() throws Exception {
        on("{\"kind\":\"reset\",\"route\":\"" + ROUTE + "\"}");
        try (RawHttp http = new RawHttp(base)) {
            assertThatThrownBy(() -> http.send(raw(ROUTE))).isInstanceOf(SocketException.class);
        }
        assertThat(told().get(0).path("met").asLong()).isEqualTo(1);
    }

    @Test
    void hangsUntilTheFaultEnds() throws Exception {
        on("{\"kind\":\"hang\",\"route\":\"" + ROUTE + "\",\"for_ms\":60000}");
        try (RawHttp http = new RawHttp(base, 300)) {
            assertThatThrownBy(() -> http.send(raw(ROUTE))).isInstanceOf(SocketTimeoutException.class);
        }
        on("{\"kind\":\"hang\",\"route\":\"" + ROUTE + "\",\"for_ms\":3000}");
        try (RawHttp http = new RawHttp(base)) {
            assertThatThrownBy(() -> http.send(raw(ROUTE)))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void servesLater() throws Exception {
        on("{\"kind\":\"latency\",\"delay_ms\":400,\"route\":\"" + ROUTE + "\"}");
        long start = System.nanoTime();
        assertThat(ask()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(390));
    }

    @Test
    void readsABodyThatWasServedLater() throws Exception {
        on("{\"kind\":\"latency\",\"delay_ms\":100,\"route\":\"/orders\"}");
        assertThat(new Http(base)
                        .postJson("/orders", "{\"shipping_to\":\"x\",\"lines\":[{\"quantity\":1}]}")
                        .status())
                .isLessThan(300);
    }

    @Test
    void fallsToAShareByItsSeed() throws Exception {
        String half = "{\"kind\":\"error\",\"share\":0.5,\"seed\":7,\"route\":\"" + ROUTE + "\"}";
        on(half);
        StringBuilder first = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            first.append(ask() == 200 ? '.' : 'x');
        }
        on(half);
        StringBuilder again = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            again.append(ask() == 200 ? '.' : 'x');
        }
        assertThat(first.toString()).contains(".", "x").isEqualTo(again.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"error", "reset", "hang"})
    void neverTouchesHealthMetricsOrTheSwitch(String kind) throws Exception {
        on("{\"kind\":\"" + kind + "\"}");
        for (String path : new String[] {"/q/health/live", "/q/health/ready", "/q/metrics", "/ops/faults"}) {
            assertThat(new Http(management).get(path).status()).as(path).isEqualTo(200);
        }
        assertThat(new Http(base).get("/q/openapi").status()).isEqualTo(200);
        // there is none here, and that is what is told
        assertThat(new Http(base).get("/ops/anything").status()).isEqualTo(404);
        assertThat(new Http(base).get("/assets/anything").status()).isEqualTo(404);
        assertThat(told().get(0).path("seen").asLong()).isZero();
    }

    @Test
    void isNotOnTheHttpPort() throws Exception {
        assertThat(new Http(base).get("/ops/faults").status()).isEqualTo(404);
    }

    @Test
    void switchesOneOffAndLeavesTheOthers() throws Exception {
        on("{\"kind\":\"error\",\"route\":\"" + ROUTE + "\"}");
        set("two", "{\"kind\":\"error\",\"route\":\"/nobody\"}");
        assertThat(ask()).isEqualTo(503);
        for (int i = 0; i < 2; i++) {
            assertThat(new Http(management)
                            .send(new Http(management).to("/ops/faults/one").DELETE())
                            .status())
                    .isEqualTo(204);
        }
        assertThat(ask()).isEqualTo(200);
        assertThat(told())
                .singleElement()
                .satisfies(left -> assertThat(left.path("id").asText()).isEqualTo("two"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "one | {\"kind\":\"flood\"}                                | 400 | validation",
                "one | {\"kind\":\"hang\",\"for_ms\":99999999}             | 400 | validation",
                "one | [1]                                                 | 400 | bad-request",
                "one | {\"kind\":                                          | 400 | bad-request",
                "A_B | {\"kind\":\"hang\"}                                 | 400 | bad-request"
            })
    void refusesWhatIsNoFault(String id, String json, int status, String slug) throws Exception {
        Http.Answer answer = set(id, json);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().path("type").asText()).isEqualTo("urn:vitrina:problem:" + slug);
        assertThat(told()).isEmpty();
    }

    @Test
    void refusesABodyThatIsTooLarge() throws Exception {
        assertThat(set("one", "{\"kind\":\"hang\"," + " ".repeat(5000) + "\"seed\":1}")
                        .status())
                .isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Origin: http://evil.example", "Sec-Fetch-Site: same-origin"})
    void refusesABrowsersPage(String header) throws Exception {
        try (RawHttp http = new RawHttp(management)) {
            assertThat(http.send("PUT /ops/faults/one HTTP/1.1\r\nHost: x\r\n" + header
                                    + "\r\nContent-Length: 15\r\n\r\n{\"kind\":\"hang\"}")
                            .status())
                    .isEqualTo(403);
        }
        assertThat(told()).isEmpty();
    }

    @Test
    void refusesOneMoreThanMayBe() throws Exception {
        for (int i = 0; i < TrialFaults.MOST; i++) {
            assertThat(set("f" + i, "{\"kind\":\"error\",\"route\":\"/nobody\"}")
                            .status())
                    .isEqualTo(200);
        }
        assertThat(set("more", "{\"kind\":\"error\",\"route\":\"/nobody\"}").status())
                .isEqualTo(409);
    }
}
