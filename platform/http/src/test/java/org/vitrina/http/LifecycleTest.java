package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vitrina.http.demo.DemoDependency;
import org.vitrina.runtime.Lifecycle;
import org.vitrina.testing.StallMeter;

@QuarkusTest
class LifecycleTest {
    @TestHTTPResource("/")
    URI base;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Inject
    Lifecycle lifecycle;

    @AfterEach
    void healthyAgain() {
        DemoDependency.mood = DemoDependency.Mood.FINE;
        lifecycle.reset(true, false);
        awaitReady(200);
    }

    private void awaitReady(int status) {
        Awaitility.await().atMost(3, TimeUnit.SECONDS).untilAsserted(() -> assertThat(health("ready"))
                .isEqualTo(status));
    }

    private int health(String kind) throws Exception {
        return new Http(management).get("/q/health/" + kind).status();
    }

    @Test
    void answersStartingUntilItsDependenciesAreThere() throws Exception {
        lifecycle.reset(false, false);
        Http.Answer answer = new Http(base).get("/things/1");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.json().path("type").asText()).isEqualTo("urn:vitrina:problem:starting");
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        assertThat(answer.header("X-Request-Id")).isNotEmpty();
        assertThat(health("ready")).isEqualTo(503);
        assertThat(health("live")).isEqualTo(200);
        assertThat(health("started")).isEqualTo(200);
        assertThat(new Http(base).get("/q/openapi").status()).isEqualTo(200);
    }

    @Test
    void isUnreadyButAnswersWhileADependencyIsDown() throws Exception {
        DemoDependency.mood = DemoDependency.Mood.REFUSES;
        awaitReady(503);
        assertThat(new Http(management).get("/q/health/ready").response().body())
                .contains("\"demo\": \"down\"")
                .doesNotContain("refused");
        assertThat(health("live")).isEqualTo(200);
        assertThat(new Http(base).get("/things/1").status()).isEqualTo(200);
    }

    @Test
    void tellsReadinessOfAFrozenDependencyWithinASecond() throws Exception {
        DemoDependency.mood = DemoDependency.Mood.HANGS;
        awaitReady(503);
        Thread.sleep(Duration.ofMillis(950));
        long start = System.nanoTime();
        assertThat(health("ready")).isEqualTo(503);
        long end = System.nanoTime();
        assertThat(Duration.ofNanos(end - start).minus(StallMeter.lostBetween(start, end)))
                .isLessThan(Duration.ofMillis(1100));
    }

    @Test
    void servesWhileDrainingAndClosesEachConnection() throws Exception {
        lifecycle.reset(true, true);
        assertThat(health("ready")).isEqualTo(503);
        assertThat(health("live")).isEqualTo(200);
        for (String path : new String[] {"/things/1", "/nowhere", "/bug", "/q/openapi"}) {
            try (RawHttp http = new RawHttp(base)) {
                RawHttp.Answer answer = http.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(answer.header("connection")).isEqualTo("close");
                assertThat(answer.status()).isNotEqualTo(503);
                if (!path.startsWith("/q/")) {
                    assertThat(http.ended()).isTrue();
                }
            }
        }
        try (RawHttp http = new RawHttp(base)) {
            assertThat(http.send("GET /stream HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n")
                            .status())
                    .isEqualTo(503);
        }
    }

    @Test
    void keepsHealthAndMetricsOnTheManagementPort() throws Exception {
        new Http(base).get("/things/1");
        // an answer is with its caller before its place is given back
        Awaitility.await().atMost(1, TimeUnit.SECONDS).untilAsserted(() -> assertThat(
                        new Http(management).get("/q/metrics").response().body())
                .contains("vitrina_overload_limit ")
                .contains("vitrina_overload_in_flight 0.0")
                .contains("vitrina_overload_rejected_total{when=\"on-arrival\"} 0.0")
                .contains("vitrina_overload_rejected_total{when=\"after-waiting\"} 0.0")
                .contains("vitrina_overload_loop_delay_seconds "));
        assertThat(new Http(management).get("/q/openapi").status()).isEqualTo(404);
        assertThat(new Http(management).get("/q/swagger-ui/").status()).isEqualTo(404);
    }
}
