package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.http.demo.DemoPages;
import org.vitrina.http.demo.DemoResource;
import org.vitrina.testing.LogLines;

/** What a caller sees of the way here: proxies, its own slowness, its leaving. */
@QuarkusTest
class EdgeTest {
    /** Trusted in this test's settings; 127.0.0.2 is not. */
    private static final int PROXY = 1;

    @TestHTTPResource("/")
    URI base;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    /** From 127.0.0.{@code last}. */
    private RawHttp.Answer send(int last, String request) throws Exception {
        try (var socket = new Socket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last}), 0));
            socket.connect(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), base.getPort()));
            socket.setSoTimeout(10_000);
            return new RawHttp(socket).send(request);
        }
    }

    private static String get(String path, String... headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: evil.example\r\n"
                + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n") + "\r\n";
    }

    @Test
    void namesThePathThatATrustedProxyShowsItUnder() throws Exception {
        String[] said = {"X-Forwarded-Prefix: /shop", "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: ftp"};

        assertThat(send(PROXY, get("/places", said)).header("location")).isEqualTo("/shop/things/7");
        assertThat(send(PROXY, get("/things?limit=1", said)).header("link"))
                .isEqualTo("</shop/things?limit=1&after=7>; rel=\"next\"");
        assertThat(send(PROXY, get("/gone", said)).body()).contains("\"instance\":\"/shop/gone\"");
        assertThat(send(PROXY, get("/nowhere", said)).body()).contains("\"instance\":\"/shop/nowhere\"");
        assertThat(send(PROXY, get("/ids", said[0], "X-Request-Deadline-Ms: 0")).body())
                .contains("\"instance\":\"/shop/ids\"");
    }

    @Test
    void whatIsRefusedBeforeAnyRouteIsAPageForABrowser() throws Exception {
        for (String path : new String[] {"/ids?a=1&a=2", "/things/1?b=1&b=2"}) {
            RawHttp.Answer page = send(PROXY, get(path, "Accept: " + DemoPages.TYPE));
            assertThat(page.header("content-type")).isEqualTo("text/html;charset=UTF-8");
            assertThat(page.body()).startsWith("<p>");
            assertThat(send(PROXY, get(path)).header("content-type")).isEqualTo("application/problem+json");
        }
    }

    @Test
    void believesNobodyElse() throws Exception {
        for (String prefix : new String[] {"/evil", "//evil.example", "https://evil.example"}) {
            String said = "X-Forwarded-Prefix: " + prefix;
            int from = prefix.equals("/evil") ? 2 : PROXY;

            assertThat(send(from, get("/places", said)).header("location")).isEqualTo("/things/7");
            assertThat(send(from, get("/things?limit=1", said)).header("link"))
                    .isEqualTo("</things?limit=1&after=7>; rel=\"next\"");
            assertThat(send(from, get("/gone", said)).body()).contains("\"instance\":\"/gone\"");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/things/1",
                "/nowhere",
                "/things/x",
                "/bug",
                "/gone",
                "/ids?deadline",
                "/q/openapi",
                "/q/nowhere",
                "/size",
                "*"
            })
    void noAnswerIsToBeTakenForAnythingElse(String path) throws Exception {
        String deadline = path.endsWith("deadline") ? "X-Request-Deadline-Ms: no" : "X-Any: 1";
        assertThat(send(PROXY, get(path, deadline)).header("x-content-type-options"))
                .isEqualTo("nosniff");
    }

    @Test
    void neitherIsAStreamNorWhatManagementSays() throws Exception {
        try (RawHttp http = new RawHttp(base)) {
            http.out().write(get("/stream", "Accept: text/event-stream").getBytes(StandardCharsets.US_ASCII));
            assertThat(http.read().header("x-content-type-options")).isEqualTo("nosniff");
        }
        for (String path : new String[] {"/q/health/live", "/q/health/ready", "/q/metrics", "/nowhere"}) {
            assertThat(new Http(management).get(path).header("X-Content-Type-Options"))
                    .as(path)
                    .isEqualTo("nosniff");
        }
    }

    @ParameterizedTest
    @CsvSource({"/size, text/plain", "/orders/, application/json"})
    void aBodyThatDoesNotComeInTimeIs408AndTheConnectionEnds(String path, String type) throws Exception {
        try (LogLines log = new LogLines();
                RawHttp http = new RawHttp(base)) {
            long start = System.nanoTime();
            RawHttp.Answer answer = http.send("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: " + type
                    + "\r\nX-Request-Deadline-Ms: 300\r\nContent-Length: 10\r\n\r\n{\"a\":");

            assertThat(answer.status()).isEqualTo(408);
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isGreaterThanOrEqualTo(300);
            assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(answer.header("x-request-id")).isNotEmpty();
            assertThat(answer.body()).contains("\"type\":\"urn:vitrina:problem:request-timeout\"", "nothing was done");
            assertThat(http.ended()).isTrue();
            assertThat(log.errors()).isEmpty();
        }
    }

    @Test
    void soIsAnEndlessOneThatComesInPieces() throws Exception {
        try (LogLines log = new LogLines();
                RawHttp http = new RawHttp(base)) {
            http.out()
                    .write(String.join(
                                    "\r\n",
                                    "POST /size HTTP/1.1",
                                    "Host: x",
                                    "Content-Type: text/plain",
                                    "X-Request-Deadline-Ms: 300",
                                    "Transfer-Encoding: chunked",
                                    "",
                                    "")
                            .getBytes(StandardCharsets.US_ASCII));
            Thread pieces = Thread.startVirtualThread(() -> {
                try {
                    // 2 MB, beyond what is read on the event loop
                    byte[] piece = ("8000\r\n" + "a".repeat(0x8000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
                    while (true) {
                        http.out().write(piece);
                        http.out().flush();
                        Thread.sleep(20);
                    }
                } catch (Exception closed) {
                    // as it should be
                }
            });

            assertThat(http.read().status()).isIn(408, 413);
            pieces.interrupt();
            pieces.join();
            assertThat(log.errors()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    400 | POST | /size | Content-Length: 3;Transfer-Encoding: chunked
                    408 | POST | /size | Content-Length: 3;X-Request-Deadline-Ms: 300
                    431 | GET  | /gone | X-Any: 1
                    505 | GET  | /gone | X-Any: 1
                    """)
    void whatIsRefusedBeforeItIsReadIsAnsweredAndCountedAsAllElse(
            int status, String method, String path, String headers) throws Exception {
        double before = refused(method, status);
        RawHttp.Answer answer = send(
                PROXY,
                method + " " + path + " HTTP/" + (status == 505 ? "3.0" : "1.1") + "\r\nHost: x\r\n"
                        + "Origin: https://shop.example\r\nX-Forwarded-Prefix: /shop\r\nX-Request-Id: r-1\r\n"
                        + headers.replace(";", "\r\n") + "\r\n"
                        + (status == 431 ? "a: 1\r\n".repeat(200) : "") + "\r\n");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("access-control-allow-origin")).isEqualTo("https://shop.example");
        assertThat(answer.header("access-control-expose-headers")).isEqualTo("ETag");
        assertThat(answer.header("x-request-id")).isEqualTo("r-1");
        assertThat(answer.body()).contains("\"instance\":\"/shop" + path + "\"", "\"trace_id\":\"r-1\"");
        // what is counted may come after its answer
        await().untilAsserted(() -> assertThat(refused(method, status)).isEqualTo(before + 1));
    }

    private double refused(String method, int status) throws Exception {
        return new Http(management)
                .get("/q/metrics")
                .response()
                .body()
                .lines()
                .filter(line -> line.startsWith("http_server_requests_seconds_count{")
                        && line.contains("method=\"" + method + "\"")
                        && line.contains("status=\"" + status + "\"")
                        && line.contains("uri=\"OTHER\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private RawHttp patient() throws Exception {
        var socket = new Socket(InetAddress.getLoopbackAddress(), base.getPort());
        socket.setSoTimeout(60_000);
        return new RawHttp(socket);
    }

    @Test
    void aConnectionOnWhichNothingHappensEnds() throws Exception {
        try (RawHttp silent = patient();
                RawHttp asked = patient()) {
            assertThat(asked.send(get("/things/1")).status()).isEqualTo(200);
            assertThat(silent.ended()).isTrue();
            assertThat(asked.ended()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /things/1 HTTP/1.1\r\nHost: x\r\nConnection: close", "GET /things/1 HTTP/1.0"})
    void nothingIsDoneThatWasSentBehindTheLastRequestOfAConnection(String last) throws Exception {
        int before = DemoResource.BIG_ANSWERS.get();
        try (RawHttp http = new RawHttp(base)) {
            assertThat(http.send(last + "\r\n\r\n" + get("/big").repeat(10)).status())
                    .isEqualTo(200);
            assertThat(http.ended()).isTrue();
        }
        assertThat(DemoResource.BIG_ANSWERS).hasValue(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GE", "GET /things/1 HTTP/1.1\r\nHost", "GET /things/1 HTTP/1.1\r\nHost: x\r\nX-Any: 1\r\n"})
    void aHeadThatDoesNotComeIs408(String start) throws Exception {
        try (RawHttp http = new RawHttp(base)) {
            RawHttp.Answer answer = http.send(start);
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(answer.body()).contains("\"type\":\"urn:vitrina:problem:request-timeout\"");
            assertThat(http.ended()).isTrue();
        }
    }

    @Test
    void piecesBuyABodyNoTime() throws Exception {
        try (RawHttp http = new RawHttp(base)) {
            String head = String.join(
                    "\r\n",
                    "POST /size HTTP/1.1",
                    "Host: x",
                    "Content-Type: text/plain",
                    "X-Request-Deadline-Ms: 300",
                    "Content-Length: 100000",
                    "",
                    "");
            http.out().write(head.getBytes(StandardCharsets.US_ASCII));
            Thread pieces = Thread.startVirtualThread(() -> {
                try {
                    while (true) {
                        http.out().write('a');
                        Thread.sleep(20);
                    }
                } catch (Exception closed) {
                    // as it should be
                }
            });
            assertThat(http.read().status()).isEqualTo(408);
            pieces.interrupt();
            pieces.join();
        }
    }

    @Test
    void aConnectionBetweenRequestsIsNotHurried() throws Exception {
        try (RawHttp http = new RawHttp(base)) {
            // the end of line after the body is no beginning of a request
            String request =
                    "POST /size HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\na\r\n";
            assertThat(http.send(request).status()).isEqualTo(200);
            // longer than a request may take to come
            Thread.sleep(3500);
            assertThat(http.send(request).status()).isEqualTo(200);
        }
    }

    @Test
    void aBodyThatComesInTimeIsNotTouched() throws Exception {
        try (RawHttp http = new RawHttp(base)) {
            String head = "POST /size HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\n";
            for (int i = 0; i < 3; i++) {
                http.out().write((head + "a").getBytes(StandardCharsets.US_ASCII));
                http.out().flush();
                Thread.sleep(50);
                assertThat(http.send("bc").body()).isEqualTo("{\"size\":3}");
            }
        }
    }

    @Test
    void whatTheCallersDeadlineCutShortSaysSo() throws Exception {
        Http http = new Http(base);

        Http.Answer late = http.get("/slow?millis=5000", "X-Request-Deadline-Ms", "200");
        assertThat(late.status()).isEqualTo(504);
        assertThat(late.header("X-Request-Deadline-Exceeded")).isEqualTo("true");
        assertThat(http.get("/slow?millis=1", "X-Request-Deadline-Ms", "900").header("X-Request-Deadline-Exceeded"))
                .isEmpty();
        // our own limit is nobody's wish
        for (String more : new String[] {"1000", "60000"}) {
            Http.Answer ours = http.get("/slow?millis=5000", "X-Request-Deadline-Ms", more);
            assertThat(ours.status()).isEqualTo(504);
            assertThat(ours.header("X-Request-Deadline-Exceeded")).isEmpty();
        }
    }

    @Test
    void readersThatLeaveAStreamAreNoError() throws Exception {
        try (LogLines log = new LogLines()) {
            int before = DemoResource.STREAMS_LEFT.get();
            for (int i = 0; i < 20; i++) {
                try (var reader = new Socket(InetAddress.getLoopbackAddress(), base.getPort())) {
                    reader.getOutputStream()
                            .write(get("/stream?every=1", "Accept: text/event-stream")
                                    .getBytes(StandardCharsets.US_ASCII));
                    assertThat(reader.getInputStream().read()).isEqualTo('H');
                    // gone without a word, in the middle of an event or between two
                    reader.setSoLinger(true, 0);
                }
            }
            await().untilAsserted(
                            () -> assertThat(DemoResource.STREAMS_LEFT.get()).isEqualTo(before + 20));
            // what its writing meets comes after its end: an answer later, it has
            assertThat(new Http(base).get("/slow?millis=300").status()).isEqualTo(200);
            assertThat(log.errors()).isEmpty();
        }
    }
}
