package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.util.internal.PlatformDependent;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
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
    private static final String NEXT_ONES = GOOD.repeat(2000);

    @TestHTTPResource("/")
    URI base;

    @Inject
    Overload overload;

    @Inject
    HeldBytes held;

    @Inject
    HttpPort port;

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
            awaitRest(() -> DemoResource.BIG_ANSWERS.get() - before);
            assertThat(DemoResource.BIG_ANSWERS.get() - before).isLessThan(answers);
            // what it does not take
            await().until(() -> held.held() > 64_000);
            assertThat(overload.unanswered()).isZero();
            for (int i = 0; i < answers; i++) {
                RawHttp.Answer answer = http.read();
                assertThat(answer.body())
                        .as("answer %d: %s", i, answer.headers())
                        .hasSize(200_000);
            }
            await().until(() -> held.held() == 0);
        }
    }

    private static void awaitRest(LongSupplier growing) {
        await().pollInterval(500, TimeUnit.MILLISECONDS).until(new Object() {
            private long last = -1;

            boolean rests() {
                long now = growing.getAsLong();
                boolean same = now > 0 && now == last;
                last = now;
                return same;
            }
        }::rests);
    }

    private static long direct() {
        long counted = Math.max(0, PlatformDependent.usedDirectMemory());
        for (var pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            counted += pool.getName().equals("direct") ? pool.getMemoryUsed() : 0;
        }
        return counted;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /stream HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n",
                "GET /slow?millis=4000 HTTP/1.1\r\nHost: x\r\nX-Request-Deadline-Ms: 20000\r\n\r\n"
            })
    void whatIsSentBehindARequestWaitsInTheSocket(String first) throws Exception {
        await().until(() -> held.held() == 0);
        boolean stream = first.contains("stream");
        long direct = direct();
        AtomicLong sent = new AtomicLong();
        int megabytes = 64;
        try (RawHttp http = new RawHttp(base)) {
            write(http, first);
            if (stream) {
                assertThat(http.read().status()).isEqualTo(200);
            }
            byte[] many = NEXT_ONES.getBytes(StandardCharsets.US_ASCII);
            Thread.startVirtualThread(() -> {
                try {
                    while (sent.get() < megabytes << 20) {
                        http.out().write(many);
                        sent.addAndGet(many.length);
                    }
                } catch (IOException closed) {
                    // at the end of the test
                }
            });
            awaitRest(sent::get);
            assertThat(sent.get()).as("what the kernel took").isLessThan(megabytes << 20);
            assertThat(held.held()).isLessThan(200_000);
            assertThat(direct() - direct).isLessThan(32 << 20);
            try (RawHttp good = new RawHttp(base)) {
                assertThat(good.send(GOOD).status()).isEqualTo(200);
            }
            if (stream) {
                http.in().readNBytes(http.in().available());
                assertThat(http.in().readNBytes(100)).as("it goes on").hasSize(100);
            } else {
                assertThat(http.read().body()).isEqualTo("{}");
                for (int i = 0; i < 1000; i++) {
                    assertThat(http.read().body()).isEqualTo("{\"thing_id\":1}");
                }
            }
        }
        await().until(() -> held.held() == 0);
    }

    @Test
    void theEndOfALastRequestIsNoResetWhateverIsSentBehindIt() throws Exception {
        try (RawHttp http = new RawHttp(base)) {
            write(http, "GET /slow?millis=500 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" + NEXT_ONES);
            assertThat(http.read().body()).isEqualTo("{}");
            assertThat(http.ended()).isTrue();
        }
    }

    @Test
    void aPortOfTlsIsHeldToTheSame() throws Exception {
        int tls = port.get(true);
        assertThat(tls).isPositive();
        try (RawHttp good = RawHttp.encrypted(tls)) {
            assertThat(good.send(GOOD).body()).isEqualTo("{\"thing_id\":1}");
            assertThat(good.send(HEAD + "Content-Length: 2\r\n\r\nab").body()).isEqualTo("{\"size\":2}");
            assertThat(good.send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n").body()).hasSize(200_000);
            await().until(() -> held.held() == 0);
        }
        try (RawHttp bad = RawHttp.encrypted(tls)) {
            RawHttp.Answer answer = bad.send(HEAD + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nab");
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        }
        try (RawHttp stalled = RawHttp.encrypted(tls)) {
            RawHttp.Answer answer = stalled.send(HEAD.replace("20000", "300") + "Content-Length: 2\r\n\r\na");
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.header("connection")).isEqualTo("close");
        }
    }
}
