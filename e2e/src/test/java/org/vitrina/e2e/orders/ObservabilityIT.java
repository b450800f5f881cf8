package org.vitrina.e2e.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Real faults in real processes make alerts fire, and their end resolves them, in Debian's Prometheus and Alertmanager with
 * our own rules; and every panel of every dashboard has values there. With {@code -Dobserve=true} only: its windows are seconds.
 */
@EnabledIfSystemProperty(named = "observe", matches = "true")
class ObservabilityIT {
    private static final Path FOLDER = OrderStack.PROJECT.resolve("e2e/target/observability");
    private static final Path DASHBOARDS = OrderStack.PROJECT.resolve("charts/vitrina/files/observability/dashboards");
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int USER = 2_001;
    private static final int PRODUCT = 1;
    private static final String PHONE = "+79991234567";

    /** Longer than the ten seconds within which an order is to be decided. */
    private static final Duration TOO_LONG = Duration.ofSeconds(12);

    private final Http http = new Http();
    private final AtomicBoolean done = new AtomicBoolean();
    private final AtomicBoolean ordering = new AtomicBoolean(true);

    @Test
    void alertsFireByRealFaultsAndResolveAndPanelsHaveValues() throws Exception {
        assumeThat(Prometheus.isHere())
                .as("Prometheus is not here: apt-get install prometheus prometheus-alertmanager")
                .isTrue();
        try (OrderStack stack = new OrderStack(FOLDER, Map.of("vitrina.log", "json"))) {
            stack.startBeside(beside(stack));
            stack.programs().forEach(stack::awaitReady);
            try (Prometheus prometheus = new Prometheus(FOLDER.resolve("prometheus"), stack.programs());
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<?> customers = threads.submit(() -> order(stack));
                Future<?> visitors = threads.submit(() -> look(stack));
                try {
                    drive(stack, prometheus);
                } catch (Exception | AssertionError failed) {
                    System.out.println(prometheus.lastWords() + stack.lastWords());
                    throw failed;
                } finally {
                    done.set(true);
                }
                customers.get();
                visitors.get();
            }
        }
    }

    private void drive(OrderStack stack, Prometheus prometheus) throws IOException {
        await("what is good is measured as good").atMost(PATIENCE).untilAsserted(() -> {
            assertThat(prometheus.isReady()).isTrue();
            assertThat(prometheus.query("vitrina:slo_requests:increase1h >= 10"))
                    .hasSize(3);
            assertThat(prometheus.query("vitrina:slo_errors:ratio5m{slo=~\"page|orders\"} == 0"))
                    .hasSize(2);
        });

        stack.program("wallet").freeze();
        pause(TOO_LONG);
        stack.program("wallet").thaw();
        // what has waited is decided too late now; without products, which knows the prices, nobody orders anew
        ordering.set(false);
        stack.program("products").kill();
        told(
                prometheus,
                "firing VitrinaBudgetBurnsFast orders",
                "firing VitrinaBudgetBurnsFast page",
                "firing VitrinaBreakerOpen products",
                "firing VitrinaTargetDown vitrina-products");
        panelsHaveValues(prometheus);

        stack.program("products").start();
        told(
                prometheus,
                "resolved VitrinaBudgetBurnsFast orders",
                "resolved VitrinaBudgetBurnsFast page",
                "resolved VitrinaBreakerOpen products",
                "resolved VitrinaTargetDown vitrina-products");
        assertThat(prometheus.told()).noneMatch(alert -> alert.contains("VitrinaBooks"));
        everyLineIsAnEvent(stack);
    }

    private static void told(Prometheus prometheus, String... alerts) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(prometheus.told()).contains(alerts));
    }

    /** Also those of faults and of what callers sent: one line each, and no stack trace for what was foreseen. */
    private static void everyLineIsAnEvent(OrderStack stack) throws IOException {
        ObjectMapper json = new ObjectMapper();
        int withRequest = 0;
        for (Program program : stack.programs()) {
            List<String> lines = program.log();
            assertThat(lines).as(program.name()).isNotEmpty();
            for (String line : lines) {
                JsonNode event = json.readTree(line);
                assertThat(event.path("@timestamp").asText()).as(line).isNotEmpty();
                assertThat(event.path("log.level").asText()).as(line).isNotEmpty();
                assertThat(event.path("ecs.version").asText()).as(line).isNotEmpty();
                assertThat(event.path("message").isTextual()).as(line).isTrue();
                assertThat(event.has("error.stack_trace")).as(line).isFalse();
                assertThat(line).doesNotContain(PHONE);
                withRequest += line.contains("http.request.id") ? 1 : 0;
            }
        }
        assertThat(withRequest).isPositive();
    }

    private static void panelsHaveValues(Prometheus prometheus) throws IOException {
        List<String> empty = new ArrayList<>();
        int queries = 0;
        try (Stream<Path> files = Files.list(DASHBOARDS)) {
            for (Path file : files.toList()) {
                for (JsonNode panel : new ObjectMapper().readTree(file.toFile()).path("panels")) {
                    for (JsonNode target : panel.path("targets")) {
                        queries++;
                        String expression = target.path("expr").asText().replace("$__rate_interval", "30s");
                        if (prometheus.query(expression).isEmpty()) {
                            empty.add(expression);
                        }
                    }
                }
            }
        }
        assertThat(queries).isGreaterThan(30);
        assertThat(empty).isEmpty();
    }

    /** What a shop has beside its orders. */
    private static Map<String, Map<String, String>> beside(OrderStack stack) {
        Map<String, Map<String, String>> settings = new HashMap<>();
        settings.put("cart", Map.of());
        settings.put("favorites", Map.of());
        settings.put("predictions", stack.brokerSettings("predictions"));
        Map<String, String> bff = new HashMap<>(Map.of("vitrina.cache.topology", "memory"));
        for (String service : List.of("products", "inventory", "orders", "wallet", "notifications")) {
            bff.put("vitrina.bff." + service + ".url", stack.program(service).url());
        }
        settings.put("bff", bff);
        return settings;
    }

    private void look(OrderStack stack) {
        String pages = stack.program("bff").url() + "/products/all";
        for (int number = 0; !done.get(); number++) {
            // every other one is of a category that nobody has looked at: of it there is no copy
            http.get(pages + (number % 2 == 0 ? "" : "?category_id=" + (1_000 + number)));
            pause(Duration.ofMillis(100));
        }
    }

    private void order(OrderStack stack) {
        String wallet = stack.program("wallet").url() + "/users/" + USER + "/wallet/top-ups";
        http.send(Http.json(wallet)
                .header("Idempotency-Key", "observed")
                .POST(HttpRequest.BodyPublishers.ofString("{\"amount\":\"100000000.00\"}")));
        http.put(stack.program("inventory").url() + "/products/" + PRODUCT + "/inventory", "{\"inventory\":1000000}");
        String price = http.get(stack.program("products").url() + "/products/" + PRODUCT)
                .json()
                .path("price")
                .asText();
        String body =
                "{\"products\":[{\"id\":%d,\"price\":\"%s\",\"quantity\":1}],\"shipping_to\":\"here\",\"phone\":\"%s\"}"
                        .formatted(PRODUCT, price, PHONE);
        try (ExecutorService fingers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int number = 0; !done.get(); number++) {
                if (ordering.get()) {
                    String key = "observed-" + number;
                    // one that waits for a frozen wallet holds up no other
                    var unused = fingers.submit(() -> http.send(
                            Http.json(Customer.ordersOf(stack.program("orders").url()) + "?user_id=" + USER)
                                    .header("Idempotency-Key", key)
                                    .POST(HttpRequest.BodyPublishers.ofString(body))));
                }
                pause(Duration.ofMillis(200));
            }
        }
    }

    private static void pause(Duration time) {
        CrashLoop.pause(time);
    }
}
