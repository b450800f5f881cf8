package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class LimitsTest {
    private static final int LIMIT = 64 * 1024;
    private static final int MEGABYTE = 1024 * 1024;

    @TestHTTPResource("/")
    URI base;

    private static void assertProblem(RawHttp.Answer answer, int status) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        assertThat(answer.header("x-request-id")).isNotEmpty();
        assertThat(answer.body()).contains("\"status\":" + status);
    }

    private RawHttp.Answer post(RawHttp http, int bytes) throws Exception {
        http.out()
                .write(("POST /size HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: " + bytes
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        byte[] part = new byte[MEGABYTE];
        for (int left = bytes; left > 0; left -= part.length) {
            http.out().write(part, 0, Math.min(left, part.length));
        }
        return http.read();
    }

    @Test
    void acceptsABodyOfTheLimitAndRefusesOneByteMoreOnAConnectionThatGoesOn() throws Exception {
        try (RawHttp http = new RawHttp(base)) {
            RawHttp.Answer most = post(http, LIMIT);
            assertThat(most.status()).isEqualTo(200);
            assertThat(most.body()).isEqualTo("{\"size\":65536}");
            assertProblem(post(http, LIMIT + 1), 413);
            assertProblem(post(http, 10 * MEGABYTE), 413);
            assertThat(post(http, 3).body()).isEqualTo("{\"size\":3}");
        }
    }

    @Test
    void refusesAHugeBodyWithoutReadingIt() throws Exception {
        try (RawHttp http = new RawHttp(base)) {
            RawHttp.Answer answer = http.send(
                    "POST /size HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 10485761\r\n\r\n");
            assertProblem(answer, 413);
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(http.ended()).isTrue();
        }
    }

    @Test
    void refusesALargeBodyThatAsksFirstWithoutReadingIt() throws Exception {
        try (RawHttp http = new RawHttp(base)) {
            assertProblem(
                    http.send(String.join(
                            "\r\n",
                            "POST /size HTTP/1.1",
                            "Host: x",
                            "Content-Type: text/plain",
                            "Expect: 100-continue",
                            "Content-Length: 65537",
                            "",
                            "")),
                    413);
        }
    }

    private static final String CHUNKED =
            "POST /size HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static RawHttp.Answer chunked(RawHttp http, int bytes) throws Exception {
        OutputStream out = http.out();
        out.write(CHUNKED.getBytes(StandardCharsets.US_ASCII));
        byte[] part = new byte[64 * 1024];
        for (int left = bytes; left > 0; left -= part.length) {
            int length = Math.min(left, part.length);
            out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(part, 0, length);
            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return http.read();
    }

    @Test
    void limitsABodyWithoutALengthToo() throws Exception {
        try (RawHttp http = new RawHttp(base)) {
            assertThat(chunked(http, LIMIT).body()).isEqualTo("{\"size\":65536}");
            assertProblem(chunked(http, LIMIT + 1), 413);
        }
        try (RawHttp http = new RawHttp(base)) {
            // all of it has to be there by the deadline, one second, on a busy machine too
            assertProblem(chunked(http, 3 * MEGABYTE), 413);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {20480, 20481, 200_000})
    void acceptsHeadersUpToTheirLimit(int bytes) throws Exception {
        try (RawHttp http = new RawHttp(base)) {
            // "Host: x" and "X-Any: " with their line ends
            String filler = "a".repeat(bytes - 9 - 9);
            RawHttp.Answer answer = http.send("GET /things/1 HTTP/1.1\r\nHost: x\r\nX-Any: " + filler + "\r\n\r\n");
            if (bytes <= 20480) {
                assertThat(answer.status()).isEqualTo(200);
            } else {
                assertProblem(answer, 431);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16384, 16385, 60_000})
    void acceptsARequestLineUpToItsLimit(int bytes) throws Exception {
        try (RawHttp http = new RawHttp(base)) {
            String start = "GET /things/1?x=";
            String end = " HTTP/1.1";
            String filler = "a".repeat(bytes - start.length() - end.length());
            RawHttp.Answer answer = http.send(start + filler + end + "\r\nHost: x\r\n\r\n");
            if (bytes <= 16384) {
                assertThat(answer.status()).isEqualTo(200);
            } else {
                assertProblem(answer, 414);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /things/%c0%ae HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET //things/1 HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /things/../things/1 HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET http://x/things/1 HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET * HTTP/1.1\r\nHost: x\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
                "BREW /things/1 HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /things/1 HTTP/1.0\r\n\r\n",
                "POST /orders HTTP/1.1\r\nHost: x\r\nContent-Type: nonsense\r\nContent-Length: 2\r\n\r\n{}",
                "POST /orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json; charset=nope\r\nContent-Length: 2\r\n\r\n{}",
                "GET /things/1 HTTP/1.1\r\nHost: x\r\nAccept: nonsense\r\n\r\n"
            })
    void neverAnswers500ForWhatACallerSent(String request) throws Exception {
        try (RawHttp http = new RawHttp(base)) {
            RawHttp.Answer answer = http.send(request);
            assertThat(answer.status()).as(answer.body()).isLessThan(500);
            assertThat(answer.header("x-request-id")).as(answer.toString()).isNotEmpty();
            if (answer.status() >= 400) {
                assertProblem(answer, answer.status());
            }
        }
    }

    /** Quarkus would refuse them with a bare 400, before any handler. */
    @ParameterizedTest
    @ValueSource(strings = {"/things/%zz", "/things?limit=%zz", "/things?x={y}", "/things/a|b", "/things/%"})
    void aTargetThatIsNoUriIsAProblemToo(String target) throws Exception {
        try (RawHttp http = new RawHttp(base)) {
            assertProblem(http.send("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n"), 400);
        }
        try (RawHttp http = new RawHttp(base)) {
            http.send("GET /things/1 HTTP/1.1\r\nHost: x\r\n\r\n");
            assertProblem(http.send("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n"), 400);
        }
    }

    @Test
    void trailersAreBoundedAsHeadersAre() throws Exception {
        try (RawHttp http = new RawHttp(base)) {
            assertProblem(http.send(CHUNKED + "1\r\na\r\n0\r\n" + "a:\r\n".repeat(3_000)), 431);
        }
    }

    @Test
    void aBodyThatIsTooLargeIsReadOnFromWithinTheSizeOfAChunk() throws Exception {
        try (RawHttp http = new RawHttp(base)) {
            http.out()
                    .write((CHUNKED + "11170\r\n" + "a".repeat(70_000) + "\r\n1").getBytes(StandardCharsets.US_ASCII));
            http.out().flush();
            Thread.sleep(50); // so that the size of the chunk comes in two reads
            assertProblem(http.send("\r\na\r\n0\r\n\r\n"), 413);
        }
    }
}
