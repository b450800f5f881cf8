package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.http.demo.DemoResource;

@QuarkusTest
class DeadlineFilterTest {
    @TestHTTPResource("/")
    URI base;

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "abc", "", " ", "1s", "0000000000000"})
    void refusesWhatIsNoPositiveInteger(String value) throws Exception {
        Http.Answer answer = new Http(base).get("/ids", "X-Request-Deadline-Ms", value);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("type").asText()).isEqualTo("urn:vitrina:problem:bad-request");
    }

    @ParameterizedTest
    @CsvSource({"400,300,400", "1000,900,1000", "5000,900,1000", "99999999999999999999,900,1000"})
    void takesTheCallersDeadlineUpToItsOwnLimit(String value, long least, long most) throws Exception {
        long left = new Http(base)
                .get("/ids", "X-Request-Deadline-Ms", value)
                .json()
                .path("left")
                .asLong();
        assertThat(left).isBetween(least, most);
    }

    @Test
    void answersByTheDeadlineAndCancelsTheWork() throws Exception {
        new Http(base).get("/slow?millis=1", "X-Request-Deadline-Ms", "900");
        int before = DemoResource.CANCELLED.get();
        long start = System.nanoTime();
        Http.Answer answer = new Http(base).get("/slow?millis=5000", "X-Request-Deadline-Ms", "300");
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.json().path("type").asText()).isEqualTo("urn:vitrina:problem:timeout");
        assertThat(millis).isBetween(270L, 400L);
        assertThat(DemoResource.CANCELLED.get()).isEqualTo(before + 1);
    }

    @Test
    void letsWorkThroughThatIsInTime() throws Exception {
        int before = DemoResource.CANCELLED.get();
        assertThat(new Http(base)
                        .get("/slow?millis=20", "X-Request-Deadline-Ms", "900")
                        .status())
                .isEqualTo(200);
        assertThat(DemoResource.CANCELLED.get()).isEqualTo(before);
    }

    @Test
    void cancelsTheWorkOfACallerThatLeaves() throws Exception {
        int before = DemoResource.CANCELLED.get();
        try (RawHttp http = new RawHttp(base)) {
            http.out().write("GET /slow?millis=5000 HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            http.out().flush();
            Thread.sleep(100);
        }
        Awaitility.await()
                .atMost(500, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> assertThat(DemoResource.CANCELLED.get()).isEqualTo(before + 1));
    }
}
