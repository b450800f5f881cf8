package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.LogLines;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.http.FakeService;

@QuarkusTest
class BreakerTest extends BffTest {
    @Test
    void opensAtTheFourteenthFailedTryOfTheLastTwenty() {
        pages(10);
        behind.products().answer(Answer.status(500));
        behind.products().forget();
        // four tries each
        for (int page = 1; page <= 3; page++) {
            assertThat(shop.get("/products/all").is(500).json().getString("reason"))
                    .isEqualTo("too-many-retries");
            assertThat(state("products")).as("after %d pages", page).isEqualTo("closed");
        }

        // opens between two tries: that is no refusal, since it was asked
        assertThat(shop.get("/products/all").is(500).json().getString("reason")).isEqualTo("error");

        assertThat(behind.products().count()).isEqualTo(14);
        assertThat(state("products")).isEqualTo("open");
        int before = behind.products().count();
        behind.cart().forget();
        behind.favorites().forget();

        Shop.Answer refused = shop.get("/products/all").is(503).within(AT_ONCE);

        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertThat(refused.json().getString("type")).isEqualTo("urn:vitrina:problem:dependency-unavailable");
        assertThat(refused.json().getString("reason")).isEqualTo("circuit-open");
        assertThat(behind.products().count()).isEqualTo(before);
        assertThat(behind.cart().count() + behind.favorites().count())
                .as("calls made for an answer that was known")
                .isZero();
    }

    @Test
    void anOpenBreakerIsNotTriedAgain() {
        retryBudget(); // its first answer loads classes, for longer than a breaker stays open here
        open();
        behind.products().forget();
        double budget = retryBudget();

        shop.get("/products/all").is(503).within(AT_ONCE);

        assertThat(behind.products().count()).isZero();
        assertThat(retryBudget()).isGreaterThanOrEqualTo(budget);
    }

    @Test
    void aTimeOutIsNotTriedAgain() {
        behind.products().answer(Answer.HANGS);
        behind.products().forget();

        assertThat(shop.get("/products/all").is(504).json().getString("reason")).isEqualTo("timeout");

        assertThat(behind.products().count()).isEqualTo(1);
    }

    @Test
    void aCallersLeavingStopsTheRetries() throws Exception {
        behind.products().answer(request -> Answer.status(500).after(Duration.ofMillis(200)));
        behind.products().forget();

        shop.askAndLeave("/products/all", () -> behind.products().count() == 1);

        await().until(() -> behind.products().underWay() == 0);
        await().during(Duration.ofMillis(400)).until(() -> behind.products().count() == 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cart", "favorites", "inventory"})
    void aPageWithAnOpenCircuitIsOutAtOnce(String part) {
        FakeService service = service(part);
        int missing = part.equals("inventory") ? 3 : 1;
        service.answer(Answer.HANGS);
        // opened again where a slow machine let the reset interval pass before the look
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            shop.together(25, "/products/all").forEach(answer -> answer.is(200));
            service.forget();

            Shop.Answer answer = shop.get("/products/all").is(200).within(AT_ONCE);

            assertThat(answer.degraded())
                    .isEqualTo("[{\"part\":\"" + part + "\",\"reason\":\"circuit-open\",\"missing\":" + missing + "}]");
            assertThat(service.count()).isZero();
        });
    }

    @Test
    void probesWithASingleCallAndClosesWhenItSucceeds() {
        open();
        CountDownLatch held = new CountDownLatch(1);
        behind.products().answer(Backs.page(1).when(held));
        behind.products().forget();
        // the reset interval passes: calls are refused until one is let through and hangs as the probe
        CompletableFuture<Shop.Answer> probe = new CompletableFuture<>();
        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            CompletableFuture<Shop.Answer> call = shop.start("GET", "/products/all", null);
            try {
                call.get(120, java.util.concurrent.TimeUnit.MILLISECONDS);
                return false;
            } catch (java.util.concurrent.TimeoutException waits) {
                var unused = call.thenAccept(probe::complete);
                return behind.products().count() == 1;
            }
        });

        assertThat(shop.together(10, "/products/all"))
                .allSatisfy(answer -> answer.is(503).within(AT_ONCE.multipliedBy(3)));
        assertThat(behind.products().count()).isEqualTo(1);
        held.countDown();

        probe.join().is(200);
        shop.get("/products/all").is(200);
        assertThat(state("products")).isEqualTo("closed");
    }

    @Test
    void aProbeThatFailsKeepsItOpen() {
        open();
        behind.products().answer(Answer.status(500));
        await().pollInterval(Duration.ofMillis(20))
                .until(() -> shop.get("/products/all").status() == 500);

        shop.get("/products/all").is(503);
    }

    @Test
    void recoversWithinTheResetIntervalAndASecond() {
        open();
        behind.heal();
        await().atMost(Duration.ofMillis(1500))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> shop.get("/products/all").status() == 200);
    }

    @Test
    void whatTheCallerSentOpensNoBreaker() {
        behind.favorites().answer(Answer.status(400));
        for (int i = 0; i < 30; i++) {
            assertThat(shop.get("/products/all").is(200).degraded())
                    .isEqualTo("[{\"part\":\"favorites\",\"reason\":\"error\",\"missing\":1}]");
        }
        assertThat(state("favorites")).isEqualTo("closed");
        assertThat(behind.favorites().count()).isEqualTo(30);
    }

    @Test
    void callersWhoLeaveOpenNoBreaker() throws Exception {
        behind.products().answer(Answer.HANGS);
        for (int i = 1; i <= 25; i++) {
            int asked = i;
            shop.askAndLeave("/products/all", () -> behind.products().count() == asked);
        }
        await().until(() -> behind.products().cancelled() == 25);
        assertThat(state("products")).isEqualTo("closed");
    }

    @Test
    void operatorsReadOfAnOutageInAFewLines() {
        List<String> lines;
        try (var logged = new LogLines()) {
            // in no other test of this process, so that its outage begins here
            behind.notifications().answer(Answer.status(500));
            for (int i = 0; i < 30; i++) {
                shop.get("/notifications");
            }
            behind.heal();
            await().pollInterval(Duration.ofMillis(20))
                    .until(() -> shop.get("/notifications").status() == 200);
            lines = logged.of("org.vitrina.dependency").stream()
                    .map(LogLines::text)
                    .toList();
        }
        assertThat(lines)
                .filteredOn(line -> line.contains("notifications"))
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo("notifications fails: status 500"),
                        open -> assertThat(open)
                                .startsWith(
                                        "The circuit of notifications is open: it fails again and again (status 500). "),
                        probe -> assertThat(probe).startsWith("The circuit of notifications is half-open after "),
                        closed -> assertThat(closed)
                                .matches(
                                        "The circuit of notifications is closed again after .* s: [0-9]+ answers were given"
                                                + " without it \\([0-9]+ failed or late, [0-9]+ not asked\\)"));
    }

    private void open() {
        behind.products().answer(Answer.HANGS);
        shop.together(25, "/products/all");
        assertThat(state("products")).isNotEqualTo("closed");
    }

    private void pages(int count) {
        for (int i = 0; i < count; i++) {
            shop.get("/products/all").is(200);
        }
    }

    private FakeService service(String part) {
        return switch (part) {
            case "cart" -> behind.cart();
            case "favorites" -> behind.favorites();
            default -> behind.inventory();
        };
    }

    private double retryBudget() {
        return shop.get("/ops/resilience").is(200).json().getJsonArray("dependencies").stream()
                .map(JsonObject.class::cast)
                .filter(dependency -> dependency.getString("name").equals("products"))
                .mapToDouble(dependency -> dependency.getDouble("retry_budget"))
                .findFirst()
                .orElseThrow();
    }

    private String state(String name) {
        return breakers.currentState(name).name().toLowerCase(java.util.Locale.ROOT);
    }
}
