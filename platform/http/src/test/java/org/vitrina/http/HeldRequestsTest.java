package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.http.demo.DemoResource;
import org.vitrina.overload.Overload;

/** What requests take that have not come whole, or whose turn is not there: no place, and counted memory. */
@QuarkusTest
@TestProfile(OverloadTest.Small.class)
class HeldRequestsTest {
    private static final String GOOD = "GET /things/1 HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String HEAD =
            "POST /size HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nX-Request-Deadline-Ms: 20000\r\n";
    private static final int SLOW = 20;

    @TestHTTPResource("/")
    URI base;

    @Inject
    Overload overload;

    @Inject
    HeldBytes held;

    private static void write(RawHttp http, String text) throws IOException {
        http.out().write(text.getBytes(StandardCharsets.US_ASCII));
        http.out().flush();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 60000\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\nea60\r\n",
                "Content-Length: 60000\r\nExpect: 100-continue\r\n\r\n"
            })
    void anUnfinishedBodyTakesNoPlaceAndIsCounted(String rest) throws Exception {
        await().until(() -> held.held() == 0);
        List<RawHttp> slow = new ArrayList<>();
        try {
            for (int i = 0; i < SLOW; i++) {
                RawHttp http = new RawHttp(base);
                slow.add(http);
                write(http, HEAD + rest + "a".repeat(30_000));
            }
            await().until(() -> held.held() >= SLOW * 30_000);
            assertThat(held.held()).isLessThan(SLOW * 100_000);
            // what is in flight is also what the end of the process waits for
            assertThat(overload.unanswered()).isZero();
            try (RawHttp good = new RawHttp(base)) {
                assertThat(good.send(GOOD).status()).isEqualTo(200);
            }
            RawHttp one = slow.get(0);
            write(one, "a".repeat(30_000) + (rest.contains("chunked") ? "\r\n0\r\n\r\n" : ""));
            if (rest.contains("Expect")) {
                assertThat(one.read().status()).isEqualTo(100);
            }
            assertThat(one.read().body()).isEqualTo("{\"size\":60000}");
        } finally {
            for (RawHttp http : slow) {
                http.close();
            }
        }
        await().until(() -> held.held() == 0);
    }

    @Test
    void chunksOfOneByteCostWhatTheyHold() throws Exception {
        await().until(() -> held.held() == 0);
        try (RawHttp http = new RawHttp(base)) {
            write(http, HEAD + "Transfer-Encoding: chunked\r\n\r\n" + "1\r\na\r\n".repeat(10_000));
            await().until(() -> held.held() >= 60_000);
            assertThat(http.send("0\r\n\r\n").body()).isEqualTo("{\"size\":10000}");
        }
        await().until(() -> held.held() == 0);
    }

    @Test
    void theTimeThatItTookToComeIsOfItsDeadline() throws Exception {
        await().until(() -> held.held() == 0);
        try (RawHttp http = new RawHttp(base)) {
            write(http, "GET /ids HTTP/1.1\r\nHost: x\r\nX-Request-Deadline-Ms: 20000\r\nContent-Length: 2\r\n\r\na");
            await().until(() -> held.held() > 0);
            Thread.sleep(300);
            String left = new ObjectMapper()
                    .readTree(http.send("b").body())
                    .path("left")
                    .asText();
            assertThat(Integer.parseInt(left)).isLessThanOrEqualTo(19_700);
        }
    }

    @Test
    void answersPipelinedRequestsInTheirOrder() throws Exception {
        int pairs = 500;
        StringBuilder many = new StringBuilder();
        for (int i = 1; i <= pairs; i++) {
            many.append("GET /things/").append(i).append(" HTTP/1.1\r\nHost: x\r\n\r\n");
            many.append(HEAD).append("Content-Length: 2\r\n\r\nab");
        }
        try (RawHttp http = new RawHttp(base)) {
            Thread writer = Thread.startVirtualThread(() -> {
                try {
                    write(http, many.toString());
                } catch (IOException closed) {
                    // the reader sees it
                }
            });
            for (int i = 1; i <= pairs; i++) {
                assertThat(http.read().body()).isEqualTo("{\"thing_id\":" + i + "}");
                assertThat(http.read().body()).isEqualTo("{\"size\":2}");
            }
            writer.join();
        }
    }

    @Test
    void whoDoesNotReadIsNotServedOn() throws Exception {
        int answers = 200;
        int before = DemoResource.BIG_ANSWERS.get();
        try (RawHttp http = new RawHttp(base)) {
            write(http, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n".repeat(answers));
            // 40 MB, of which some are in the buffers of the kernel
            await().pollInterval(500, TimeUnit.MILLISECONDS).until(new Object() {
                private int last = -1;

                boolean rests() {
                    int now = DemoResource.BIG_ANSWERS.get() - before;
                    boolean same = now > 0 && now == last;
                    last = now;
                    return same;
                }
            }::rests);
            assertThat(DemoResource.BIG_ANSWERS.get() - before).isLessThan(answers);
            assertThat(held.held()).as("what it does not take").isGreaterThan(64_000);
            assertThat(overload.unanswered()).isZero();
            for (int i = 0; i < answers; i++) {
                RawHttp.Answer answer = http.read();
                assertThat(answer.body())
                        .as("answer %d: %s", i, answer.headers())
                        .hasSize(200_000);
            }
        }
        await().until(() -> held.held() == 0);
    }
}
