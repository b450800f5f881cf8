package org.vitrina.inventory;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Inventory as the seed has it, without any database. */
@QuarkusTest
@TestProfile(SimulatedInventoryTest.WithoutDatabase.class)
class SimulatedInventoryTest {
    private static final String IDS =
            IntStream.rangeClosed(1, 200).mapToObj(Integer::toString).collect(Collectors.joining(","));

    @Inject
    CountedPauses pauses;

    @TestHTTPResource
    URI http;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Test
    void isReadyWithoutADatabase() {
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> given().get(management.resolve("/q/health/ready"))
                .then()
                .statusCode(200));
    }

    @Test
    void answersABatchAtItsDeadlineWithWhatHasCome() {
        long start = System.nanoTime();
        Response answer = given().header("X-Request-Deadline-Ms", 400).get("/inventory?product_ids=" + IDS);
        Duration took = Duration.ofNanos(System.nanoTime() - start);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(took).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        List<Map<String, Object>> levels = answer.jsonPath().getList("");
        assertThat(levels).hasSize(200);
        // a sixth of them, those that need no second, is there: whoever waits for the slowest has them all after five
        List<Map<String, Object>> known = new ArrayList<>(levels);
        known.removeIf(level -> level.get("inventory") == null);
        assertThat(known).hasSizeBetween(5, 100).allSatisfy(level -> assertThat(level)
                .containsOnlyKeys("product_id", "inventory")
                .extractingByKey("inventory")
                .satisfies(inventory -> assertThat((Integer) inventory).isBetween(0, 100)));
        levels.removeAll(known);
        assertThat(levels).allSatisfy(level -> assertThat(level).containsEntry("reason", "timeout"));
        await().atMost(Duration.ofSeconds(3)).until(() -> pauses.running() == 0);
    }

    @Test
    void aSingleLevelIsThereOrTooLate() {
        var statuses = IntStream.range(0, 40)
                .map(i -> given().header("X-Request-Deadline-Ms", 50)
                        .get("/products/" + (i + 1) + "/inventory")
                        .statusCode())
                .boxed()
                .collect(Collectors.toSet());

        assertThat(statuses).containsExactlyInAnyOrder(200, 504);
    }

    @Test
    void aCallerThatGoesAwayLeavesNoTimerBehind() throws IOException {
        try (var socket = new Socket(http.getHost(), http.getPort())) {
            socket.getOutputStream()
                    .write(("GET /inventory?product_ids=" + IDS + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            await().atMost(Duration.ofSeconds(5)).until(() -> pauses.running() > 0);
        }
        // the slowest product alone would take five seconds
        await().atMost(Duration.ofSeconds(2)).until(() -> pauses.running() == 0);
    }

    @Test
    void levelsCannotBeSet() {
        given().contentType("application/json")
                .body("{\"inventory\":5}")
                .put("/products/1/inventory")
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:vitrina:problem:simulated"));
    }

    @Test
    void nothingCanBeReserved() {
        String reservation = "/reservations/" + UUID.randomUUID();
        var answers = List.of(
                given().contentType("application/json")
                        .body("{\"items\":[{\"product_id\":1,\"quantity\":1}]}")
                        .put(reservation),
                given().post(reservation + "/commit"),
                given().delete(reservation));
        for (Response answer : answers) {
            answer.then().statusCode(409).body("type", equalTo("urn:vitrina:problem:simulated"));
        }
        given().get("/ops/audit").then().statusCode(200).body("consistent", equalTo(true));
    }

    @Test
    void refusesBadIdsAsInTheRealMode() {
        assertThat(given().get("/products/abc/inventory").statusCode()).isEqualTo(400);
        assertThat(given().get("/inventory?product_ids=1,x").statusCode()).isEqualTo(400);
    }

    /** The service's own pauses, counted while they run. */
    @Alternative
    @Priority(1)
    @ApplicationScoped
    static class CountedPauses implements Delay {
        private final AtomicInteger running = new AtomicInteger();
        private final EventLoopDelay real;

        CountedPauses(EventLoopDelay real) {
            this.real = real;
        }

        int running() {
            return running.get();
        }

        @Override
        public Uni<Void> pause(Duration length) {
            return real.pause(length)
                    .onSubscription()
                    .invoke(() -> running.incrementAndGet())
                    .onTermination()
                    .invoke(() -> running.decrementAndGet());
        }
    }

    /** Simulated, and nothing listens where the database would be. */
    public static class WithoutDatabase implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "vitrina.inventory.mode", "simulated",
                    "vitrina.inventory.simulated.seed", "7",
                    "quarkus.datasource.reactive.url", "vertx-reactive:postgresql://127.0.0.1:1/none");
        }
    }
}
