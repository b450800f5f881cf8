package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.vitrina.http.demo.DemoPages;
import org.vitrina.overload.ConcurrencyLimit;
import org.vitrina.overload.Overload;
import org.vitrina.runtime.Lifecycle;
import org.vitrina.testing.TestCertificate;

/** Against the real server, with a small limit that cannot move. */
@QuarkusTest
@TestProfile(OverloadTest.Small.class)
class OverloadTest {
    public static class Small implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.ofEntries(
                    Map.entry("vitrina.overload.min-limit", "8"),
                    Map.entry("vitrina.overload.initial-limit", "8"),
                    Map.entry("vitrina.overload.max-limit", "8"),
                    Map.entry("vitrina.overload.queue-interval", "10s"),
                    Map.entry("vitrina.web.max-deadline", "20s"),
                    Map.entry("vitrina.web.warm-up-paths", "/things/1 /nowhere /slow?millis=1"),
                    Map.entry("vitrina.web.warm-up-requests", "5"),
                    Map.entry("vitrina.web.max-streams", "2"),
                    Map.entry("vitrina.web.key-headers", "Idempotency-Key"),
                    Map.entry("vitrina.http.connection-age", "30s"),
                    Map.entry("vitrina.web.max-receive-time", "20s"),
                    // and a port of TLS
                    Map.entry("quarkus.http.test-ssl-port", "0"),
                    Map.entry(
                            "quarkus.http.ssl.certificate.key-store-file",
                            TestCertificate.keyStore().toString()),
                    Map.entry("quarkus.http.ssl.certificate.key-store-password", TestCertificate.PASSWORD));
        }
    }

    private static final int BURST = 500;

    /** Who has so little time waits for half of it. */
    private static final String HURRY = "X-Request-Deadline-Ms: 100\r\n";

    private static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @TestHTTPResource("/")
    URI base;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Inject
    ConcurrencyLimit limit;

    @Inject
    Overload overload;

    @Inject
    Lifecycle lifecycle;

    private List<CompletableFuture<HttpResponse<String>>> race(String path, int count) {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(Http.CLIENT.sendAsync(new Http(base).to(path).build(), HttpResponse.BodyHandlers.ofString()));
        }
        return answers;
    }

    @Test
    void servesAsManyAsTheLimitAndRejectsWhoHasWaitedForHalfOfTheDeadlineWhileHealthAnswers() throws Exception {
        long rejectedBefore = limit.rejected();
        var answers = race("/slow?millis=750", 40);
        Awaitility.await()
                .atMost(3, TimeUnit.SECONDS)
                .until(() -> overload.queue().waiting() == 32 && limit.inFlight() == 8);
        assertThat(limit.rejected()).isEqualTo(rejectedBefore);
        Awaitility.await()
                .atMost(3, TimeUnit.SECONDS)
                .pollInterval(10, TimeUnit.MILLISECONDS)
                .until(() -> limit.rejected() - rejectedBefore == 32 && limit.inFlight() == 8);
        assertThat(new Http(management).get("/q/health/ready").status()).isEqualTo(200);
        int served = 0;
        int rejected = 0;
        for (var answer : answers) {
            HttpResponse<String> response = answer.get(5, TimeUnit.SECONDS);
            if (response.statusCode() == 200) {
                served++;
            } else {
                rejected++;
                assertThat(response.statusCode()).isEqualTo(503);
                assertThat(response.headers().firstValue("Retry-After")).contains("1");
                assertThat(response.body()).contains("urn:vitrina:problem:overloaded");
                assertThat(response.headers().firstValue("X-Request-Id")).isPresent();
            }
        }
        assertThat(served).isEqualTo(8);
        assertThat(rejected).isEqualTo(32);
        Awaitility.await().atMost(5, TimeUnit.SECONDS).until(() -> limit.inFlight() == 0);
    }

    @Test
    void aBrowserIsShownAPageInPlaceOfARefusal() throws Exception {
        var busy = race("/slow?millis=2000", 8);
        Awaitility.await().atMost(3, TimeUnit.SECONDS).until(() -> limit.inFlight() == 8);
        String get = "GET /slow?millis=1 HTTP/1.1\r\nHost: x\r\n" + HURRY;
        try (RawHttp http = new RawHttp(base)) {
            // the second one on its connection would be refused before Vert.x sees it
            for (int i = 0; i < 2; i++) {
                RawHttp.Answer page = http.send(get + "Accept: " + DemoPages.TYPE + "\r\n\r\n");
                assertThat(page.status()).isEqualTo(503);
                assertThat(page.body()).isEqualTo("<p>overloaded</p>");
                assertThat(page.header("content-type")).isEqualTo("text/html;charset=UTF-8");
                assertThat(page.header("x-of-page")).isEqualTo("yes");
                assertThat(page.header("retry-after")).isEqualTo("1");
                assertThat(page.header("x-request-id")).isNotEmpty();
            }
            RawHttp.Answer problem = http.send(get + "Accept: */*\r\n\r\n");
            assertThat(problem.status()).isEqualTo(503);
            assertThat(problem.body()).contains("urn:vitrina:problem:overloaded");
        }
        for (var answer : busy) {
            answer.get(5, TimeUnit.SECONDS);
        }
        Awaitility.await().atMost(5, TimeUnit.SECONDS).until(() -> limit.inFlight() == 0);
    }

    @Test
    void refusesNoBurst() throws Exception {
        long rejectedBefore = limit.rejected();
        String get = "GET /slow?millis=1 HTTP/1.1\r\nHost: x\r\nX-Request-Deadline-Ms: 20000\r\n\r\n";
        String body = "{\"quantity\":1,\"colour\":\"RED\",\"lines\":[{\"quantity\":2}]}";
        String post = "POST /size HTTP/1.1\r\nHost: x\r\nX-Request-Deadline-Ms: 20000\r\nContent-Type: text/plain\r\n"
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
        var statuses = new ConcurrentHashMap<Integer, Integer>();
        CountDownLatch connected = new CountDownLatch(BURST);
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < BURST; i++) {
            String request = i % 10 == 9 ? post : get;
            callers.add(Thread.ofVirtual().start(() -> {
                try (RawHttp http = new RawHttp(base)) {
                    connected.countDown();
                    connected.await();
                    statuses.merge(http.send(request).status(), 1, Integer::sum);
                    // and once more on the kept connection, where it is parked before Vert.x sees it
                    statuses.merge(http.send(request).status(), 1, Integer::sum);
                } catch (IOException e) {
                    statuses.merge(-1, 1, Integer::sum);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(statuses).containsExactly(Map.entry(200, 2 * BURST));
        assertThat(limit.rejected()).isEqualTo(rejectedBefore);
        Awaitility.await().atMost(5, TimeUnit.SECONDS).until(() -> overload.unanswered() == 0);
    }

    @Test
    void countsTheWaitingIntoTheDeadline() throws Exception {
        var held = race("/slow?millis=900", 8);
        Awaitility.await().atMost(700, TimeUnit.MILLISECONDS).until(() -> limit.inFlight() == 8);
        try (RawHttp waits = new RawHttp(base)) {
            RawHttp.Answer answer =
                    waits.send("GET /slow?millis=1800 HTTP/1.1\r\nHost: x\r\nX-Request-Deadline-Ms: 2000\r\n\r\n");
            // 1.8 s are within its deadline, but no longer once it has waited
            assertThat(answer.status()).isEqualTo(504);
        }
        for (var answer : held) {
            answer.get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void saysTheSameWhereTheHeadIsReadAsWhereTheRequestIsRouted() throws Exception {
        try (RawHttp kept = new RawHttp(base);
                RawHttp fresh = new RawHttp(base)) {
            Awaitility.await().until(overload::seesLoad);
            assertThat(kept.send("GET /things/1 HTTP/1.1\r\nHost: x\r\n\r\n").status())
                    .isEqualTo(200);
            var held = race("/slow?millis=900", 8);
            Awaitility.await().atMost(700, TimeUnit.MILLISECONDS).until(() -> limit.inFlight() == 8);
            long before = limit.rejected();
            String rest = " /things/%C3%A9?a=b HTTP/1.1\r\nHost: x\r\nX-Request-Id: mine\r\n" + HURRY + "traceparent: "
                    + TRACEPARENT + "\r\n";
            String request = "GET" + rest + "\r\n";
            RawHttp.Answer early = kept.send(request);
            RawHttp.Answer usual = fresh.send(request);
            assertThat(early).isEqualTo(usual);
            assertThat(List.copyOf(early.headers().keySet()))
                    .isEqualTo(List.copyOf(usual.headers().keySet()));
            assertThat(early.status()).isEqualTo(503);
            assertThat(early.body())
                    .isEqualTo(
                            "{\"type\":\"urn:vitrina:problem:overloaded\",\"title\":\"Overloaded\",\"status\":503,\"detail\":\"More"
                                    + " requests than can be answered in"
                                    + " time.\",\"instance\":\"/things/%C3%A9\",\"trace_id\":\"0af7651916cd43dd8448eb211c80319c\",\"error\":\"More"
                                    + " requests than can be answered in time.\"}");
            assertThat(limit.rejected()).isEqualTo(before + 2);
            // what is not plain is rejected too, on the usual way
            RawHttp.Answer posted = kept.send("POST" + rest + "Content-Length: 2\r\n\r\n{}");
            assertThat(posted).isEqualTo(usual);
            for (var answer : held) {
                assertThat(answer.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            }
            assertThat(kept.send("GET /things/1 HTTP/1.1\r\nHost: x\r\n\r\n").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void answersInTheOrderOfTheRequestsOnAConnection() throws Exception {
        try (RawHttp kept = new RawHttp(base)) {
            Awaitility.await().until(overload::seesLoad);
            var held = race("/slow?millis=900", 7);
            Awaitility.await().atMost(700, TimeUnit.MILLISECONDS).until(() -> limit.inFlight() == 7);
            String first = "GET /slow?millis=300 HTTP/1.1\r\nHost: x\r\nX-Request-Id: first\r\n\r\n";
            String next = "GET /things/1 HTTP/1.1\r\nHost: x\r\nX-Request-Id: next\r\n\r\n";
            RawHttp.Answer slow = kept.send(first + next + next);
            assertThat(slow.status()).isEqualTo(200);
            assertThat(slow.header("X-Request-Id")).isEqualTo("first");
            assertThat(kept.read().header("X-Request-Id")).isEqualTo("next");
            assertThat(kept.read().header("X-Request-Id")).isEqualTo("next");
            for (var answer : held) {
                answer.get(5, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void saysGoodbyeToWhomItRefusesWhileDraining() throws Exception {
        try (RawHttp kept = new RawHttp(base)) {
            assertThat(kept.send("GET /things/1 HTTP/1.1\r\nHost: x\r\n\r\n").status())
                    .isEqualTo(200);
            var held = race("/slow?millis=900", 8);
            Awaitility.await().atMost(700, TimeUnit.MILLISECONDS).until(() -> limit.inFlight() == 8);
            lifecycle.reset(true, true);
            try {
                RawHttp.Answer refused = kept.send("GET /things/1 HTTP/1.1\r\nHost: x\r\n" + HURRY + "\r\n");
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.header("Connection")).isEqualTo("close");
                assertThat(kept.ended()).isTrue();
            } finally {
                lifecycle.reset(true, false);
            }
            for (var answer : held) {
                answer.get(5, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void givesThePlaceOfACallerThatLeavesToTheNext() throws Exception {
        List<RawHttp> callers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            RawHttp caller = new RawHttp(base);
            caller.out().write("GET /slow?millis=900 HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            caller.out().flush();
            callers.add(caller);
        }
        Awaitility.await().atMost(700, TimeUnit.MILLISECONDS).until(() -> overload.unanswered() == 16);
        for (RawHttp caller : callers) {
            caller.close();
        }
        Awaitility.await().atMost(500, TimeUnit.MILLISECONDS).until(() -> overload.unanswered() == 0);
    }

    @Test
    void countsEveryWayOut() throws Exception {
        for (String path : new String[] {"/bug", "/nowhere", "/gone", "/things/x", "/things/1", "/slow?millis=1"}) {
            new Http(base).get(path);
        }
        new Http(base).post("/size", "text/plain", "x".repeat(1024 * 1024 + 1));
        new Http(base).postJson("/orders", "{");
        Awaitility.await().atMost(5, TimeUnit.SECONDS).until(() -> limit.inFlight() == 0);
    }

    @Test
    void servesAFewStreamsOutsideOfTheLimit() throws Exception {
        String stream = "GET /stream HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n";
        try (RawHttp first = new RawHttp(base);
                RawHttp second = new RawHttp(base);
                RawHttp third = new RawHttp(base)) {
            assertThat(first.send(stream).status()).isEqualTo(200);
            assertThat(second.send(stream).status()).isEqualTo(200);
            assertThat(third.send(stream).status()).isEqualTo(503);
            assertThat(limit.inFlight()).isZero();
        }
        Awaitility.await().atMost(5, TimeUnit.SECONDS).untilAsserted(() -> {
            try (RawHttp again = new RawHttp(base)) {
                assertThat(again.send(stream).status()).isEqualTo(200);
            }
        });
    }
}
