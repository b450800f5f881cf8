package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Against the real server, whose connections are old after 0.8 to 1.2 s. */
@QuarkusTest
class ConnectionAgeTest {
    private static final String GET = "GET /things/1 HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final long OLD_NANOS = TimeUnit.MILLISECONDS.toNanos(1250);

    @TestHTTPResource("/")
    URI base;

    private RawHttp old() throws IOException {
        RawHttp http = new RawHttp(base);
        assertThat(http.send(GET).header("connection")).isEmpty();
        long begun = System.nanoTime();
        Awaitility.await().until(() -> System.nanoTime() - begun > OLD_NANOS);
        return http;
    }

    @Test
    void endsAnOldConnectionWithItsNextAnswer() throws Exception {
        try (RawHttp http = old()) {
            RawHttp.Answer last = http.send(GET);
            assertThat(last.status()).isEqualTo(200);
            assertThat(last.header("connection")).isEqualTo("close");
            assertThat(http.ended()).isTrue();
        }
    }

    @Test
    void answersFirstWhatWasPipelined() throws Exception {
        try (RawHttp http = old()) {
            String slow = "GET /slow?millis=50 HTTP/1.1\r\nHost: x\r\n\r\n";
            assertThat(http.send(slow + GET + slow + GET).header("connection")).isEmpty();
            assertThat(http.read().header("connection")).isEmpty();
            assertThat(http.read().header("connection")).isEmpty();
            assertThat(http.read().header("connection")).isEqualTo("close");
            assertThat(http.ended()).isTrue();
        }
    }

    @Test
    void lastAnswerArrivesThoughMoreIsSentMeanwhile() throws Exception {
        try (RawHttp http = old()) {
            http.out().write("GET /slow?millis=100 HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            RawHttp.Answer last = http.read();
            assertThat(last.header("connection")).isEqualTo("close");
            // a client that had not read that yet: its bytes must not turn the end into a reset
            http.out().write(GET.getBytes(StandardCharsets.US_ASCII));
            assertThat(http.ended()).isTrue();
        }
    }

    @Test
    void endsNoEventStreamForTheAgeOfItsConnection() throws Exception {
        try (RawHttp http = old()) {
            RawHttp.Answer stream = http.send("GET /stream HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n");
            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.header("connection")).isEmpty();
        }
    }

    @Test
    void losesNoRequestOfCallersWhoLeaveWhenAsked() throws Exception {
        List<Callable<Integer>> callers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            callers.add(this::askForThreeSeconds);
        }
        int connections = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> caller : threads.invokeAll(callers)) {
                connections += caller.get();
            }
        }
        assertThat(connections).isGreaterThan(8);
    }

    /** How many connections it took; fails where one ends without having said so. */
    private int askForThreeSeconds() throws IOException {
        int connections = 1;
        RawHttp http = new RawHttp(base);
        try {
            for (long end = System.nanoTime() + 3_000_000_000L; System.nanoTime() - end < 0; ) {
                RawHttp.Answer answer = http.send(GET);
                assertThat(answer.status()).isEqualTo(200);
                if (answer.header("connection").equals("close")) {
                    http.close();
                    http = new RawHttp(base);
                    connections++;
                }
            }
        } finally {
            http.close();
        }
        return connections;
    }
}
