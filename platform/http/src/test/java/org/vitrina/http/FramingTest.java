package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests whose end or whose host one reader may find elsewhere than another (RFC 9112). */
@QuarkusTest
class FramingTest {
    private static final String NEXT = "GET /things/1 HTTP/1.1\r\nHost: x\r\n\r\n";

    @TestHTTPResource("/")
    URI base;

    /** One problem and nothing after it, whatever follows. */
    private void assertRefused(int status, String request) throws Exception {
        try (RawHttp http = new RawHttp(base)) {
            RawHttp.Answer answer = http.send(request + NEXT + NEXT);
            assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
            assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(answer.header("x-request-id")).isNotEmpty();
            assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
            assertThat(answer.body()).contains("\"status\":" + status, "\"detail\":\"");
            assertThat(http.ended()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    400 | Host: x;Content-Length: 5;Transfer-Encoding: chunked
                    400 | Host: x;Transfer-Encoding: chunked;Content-Length: 5
                    400 | Host: x;Transfer-Encoding: identity
                    400 | Host: x;Transfer-Encoding: identity;Content-Length: 5
                    400 | Host: x;Transfer-Encoding: xchunked
                    400 | Host: x;Transfer-Encoding: chunked, identity
                    400 | Host: x;Transfer-Encoding: chunked, chunked
                    400 | Host: x;Transfer-Encoding: chunked;Transfer-Encoding: chunked
                    400 | Host: x;Transfer-Encoding: chunked,
                    501 | Host: x;Transfer-Encoding: gzip, chunked
                    501 | Host: x;Transfer-Encoding: gzip;Transfer-Encoding: chunked
                    400 | Host: x;Content-Length: 5;Content-Length: 6
                    400 | Host: x;Content-Length: 5, 6
                    400 | Host: x;Content-Length: -1
                    400 | Host: x;Content-Length: +5
                    400 | Host: x;Content-Length: 0x5
                    400 | Host: x;Content-Length : 5
                    400 | Host: x;Content-Length: 99999999999999999999
                    400 | X-Any: 1
                    400 | Host: x;Host: x
                    400 | Host: x;Host: y
                    400 | Host: x y
                    400 | Host: x/y
                    400 | Host: a@x
                    """)
    void refusesAHeadThatCanBeReadInTwoWays(int status, String headers) throws Exception {
        assertRefused(
                status,
                "POST /size HTTP/1.1\r\nContent-Type: text/plain\r\n" + headers.replace(";", "\r\n")
                        + "\r\n\r\n5\r\nabcde\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({"505, HTTP/2.0", "505, HTTP/1.2", "505, HTTP/3.0", "400, HTTP/x", "400, HTTP", "505, ICAP/1.0"})
    void refusesOtherVersions(int status, String version) throws Exception {
        assertRefused(status, "GET /things/1 " + version + "\r\nHost: x\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "505, PRI * HTTP/2.0, X-Any: 1",
        "505, GET host:443 HTTP/2.0, Host: x",
        "400, OPTIONS * HTTP/1.1, Host: x/y",
        "400, OPTIONS * HTTP/1.1, X-Any: 1",
        "400, CONNECT x:443 HTTP/1.1, Host: x/y"
    })
    void refusesTargetsThatAreNoPath(int status, String line, String header) throws Exception {
        assertRefused(status, line + "\r\n" + header + "\r\n\r\n");
    }

    @Test
    void refusesACodingInHttp10() throws Exception {
        assertRefused(
                400,
                "POST /size HTTP/1.0\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz", "-1", "0x5", "5 5", "", "fffffffffffffffff", "+5"})
    void refusesAChunkWithoutASize(String size) throws Exception {
        String head =
                "POST /size HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n";
        assertRefused(400, head + size + "\r\nabcde\r\n0\r\n\r\n");
        assertRefused(400, head + "1\r\na\r\n" + size + "\r\nabcde\r\n0\r\n\r\n");
    }

    @Test
    void refusesMoreHeaderLinesThanAnybodyNeedsBeforeTheyAreAllThere() throws Exception {
        assertRefused(431, "GET /things/1 HTTP/1.1\r\nHost: x\r\n" + "a:\r\n".repeat(200) + "\r\n");
        try (RawHttp http = new RawHttp(base)) {
            RawHttp.Answer answer =
                    http.send("DELETE /things/1 HTTP/1.1\r\nHost: x\r\nX-Request-Id: r-1\r\n" + "a:\r\n".repeat(300));
            assertThat(answer.status()).isEqualTo(431);
            // what has come of it is told
            assertThat(answer.header("x-request-id")).isEqualTo("r-1");
            assertThat(answer.body()).contains("\"instance\":\"/things/1\"");
            assertThat(http.ended()).isTrue();
        }
    }

    @Test
    void cutsALargeHeadWhileItComes() throws Exception {
        for (String head : List.of(
                "GET /things/1 HTTP/1.1\r\nHost: x\r\nX-Any: " + "a".repeat(30_000),
                "GET /things/1 HTTP/1.1\r\nHost: x\r\n" + ("X-Any: " + "a".repeat(1000) + "\r\n").repeat(30),
                "GET /things/1?" + "a".repeat(30_000))) {
            try (RawHttp http = new RawHttp(base)) {
                RawHttp.Answer answer = http.send(head);
                assertThat(answer.status()).isIn(431, 414);
                assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
                assertThat(http.ended()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /things/1 HTTP/1.1\r\nHost:\r\n\r\n",
                "GET /things/1 HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
                "GET /things/1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
                "POST /size HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nTransfer-Encoding: Chunked\r\n\r\n1;a=b\r\na\r\n0\r\nT: x\r\n\r\n",
                "POST /size HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\na\r\n"
            })
    void takesWhatIsOddAndClear(String request) throws Exception {
        try (RawHttp http = new RawHttp(base)) {
            assertThat(http.send(request).status()).isEqualTo(200);
            assertThat(http.send(NEXT).status()).isEqualTo(200);
        }
    }

    @Test
    void asksForABodyThatIsAnnounced() throws Exception {
        String head = "POST /size HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nExpect: 100-continue\r\n";
        try (RawHttp http = new RawHttp(base)) {
            assertThat(http.send(head + "Content-Length: 3\r\n\r\n").status()).isEqualTo(100);
            assertThat(http.send("abc").body()).isEqualTo("{\"size\":3}");
            assertThat(http.send(head + "Transfer-Encoding: chunked\r\n\r\n").status())
                    .isEqualTo(100);
            assertThat(http.send("2\r\nab\r\n0\r\n\r\n").body()).isEqualTo("{\"size\":2}");
            // whoever refuses it leaves open whether the body comes
            assertThat(http.send(head + "Content-Length: 1048577\r\n\r\n").status())
                    .isEqualTo(413);
            assertThat(http.ended()).isTrue();
        }
    }
}
