package org.vitrina.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Against the real server, with a small limit that cannot move. */
@QuarkusTest
@TestProfile(OverloadTest.Small.class)
class OverloadTest {
    public static class Small implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "vitrina.overload.min-limit", "8",
                    "vitrina.overload.initial-limit", "8",
                    "vitrina.overload.max-limit", "8",
                    "vitrina.web.max-streams", "2");
        }
    }

    @TestHTTPResource("/")
    URI base;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Inject
    ConcurrencyLimit limit;

    private List<CompletableFuture<HttpResponse<String>>> race(String path, int count) {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(Http.CLIENT.sendAsync(new Http(base).to(path).build(), HttpResponse.BodyHandlers.ofString()));
        }
        return answers;
    }

    @Test
    void servesAsManyAsTheLimitAndRejectsTheRestWhileHealthAnswers() throws Exception {
        long rejectedBefore = limit.rejected();
        var answers = race("/slow?millis=600", 40);
        Awaitility.await()
                .atMost(3, TimeUnit.SECONDS)
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
    void givesThePlaceOfACallerThatLeavesToTheNext() throws Exception {
        List<RawHttp> callers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            RawHttp caller = new RawHttp(base);
            caller.out().write("GET /slow?millis=900 HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            caller.out().flush();
            callers.add(caller);
        }
        Awaitility.await().atMost(700, TimeUnit.MILLISECONDS).until(() -> limit.inFlight() == 8);
        for (RawHttp caller : callers) {
            caller.close();
        }
        Awaitility.await().atMost(500, TimeUnit.MILLISECONDS).until(() -> limit.inFlight() == 0);
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
