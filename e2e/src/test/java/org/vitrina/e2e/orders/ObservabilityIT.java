package org.vitrina.e2e.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.vitrina.e2e.EcsLines;

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

    /** Of every service; audits are made all the time. */
    private static final Map<String, String> SETTINGS = Map.of(
            "vitrina.log", "json",
            "vitrina.wallet.audit-every", "1s",
            "vitrina.inventory.audit-every", "1s",
            "vitrina.orders.audit.interval", "1s",
            "vitrina.notifications.audit-interval", "1s");

    private final Http http = new Http();
    private final AtomicBoolean done = new AtomicBoolean();
    private final AtomicBoolean ordering = new AtomicBoolean(true);
    private final AtomicBoolean overloading = new AtomicBoolean();

    @Test
    void alertsFireByRealFaultsAndResolveAndPanelsHaveValues() throws Exception {
        assumeThat(Prometheus.isHere())
                .as("Prometheus is not here: apt-get install prometheus prometheus-alertmanager")
                .isTrue();
        try (OrderStack stack = new OrderStack(FOLDER, SETTINGS)) {
            stack.startBeside(beside(stack));
            stack.startBeside(Map.of("bff", front(stack)));
            stack.programs().forEach(stack::awaitReady);
            try (Prometheus prometheus = new Prometheus(FOLDER.resolve("prometheus"), stack.programs());
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<?> customers = threads.submit(() -> order(stack));
                Future<?> visitors = threads.submit(() -> look(stack));
                Future<?> crowd = threads.submit(() -> overload(stack));
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
                crowd.get();
            }
        }
    }

    private void drive(OrderStack stack, Prometheus prometheus) throws Exception {
        // nobody predicts here
        send(stack, "products.changed", changed(1, "\"features\":[0,0,0,0,0,0,0,0,0,0]"));
        await("what is good is measured as good").atMost(PATIENCE).untilAsserted(() -> {
            assertThat(prometheus.isReady()).isTrue();
            assertThat(prometheus.query("vitrina:slo_requests:increase1h >= 10"))
                    .hasSize(3);
            assertThat(prometheus.query("vitrina:slo_errors:ratio5m{slo=~\"page|orders\"} == 0"))
                    .hasSize(2);
        });
        whatWaits(stack, prometheus);
        whatFails(stack, prometheus);
        whatIsNotThere(stack, prometheus);
        Set<String> names = prometheus.told().stream()
                .filter(alert -> alert.startsWith("resolved"))
                .map(alert -> alert.split(" ", -1)[1])
                .collect(Collectors.toSet());
        assertThat(names).as("each alert fired and was resolved").containsAll(Prometheus.alerts());
        everyLineIsAnEvent(stack);
    }

    /** The provider is away; wallet's table is locked, which its audit and its debits wait for; then the broker hangs. */
    private static void whatWaits(OrderStack stack, Prometheus prometheus) throws Exception {
        stack.program("sms-gateway").kill();
        pause(Duration.ofSeconds(3));
        try (Connection wallet = stack.postgres().connect("wallet");
                Statement lock = wallet.createStatement()) {
            wallet.setAutoCommit(false);
            lock.execute("LOCK TABLE wallet IN ACCESS EXCLUSIVE MODE");
            stack.broker().freeze();
            try {
                told(
                        prometheus,
                        "firing VitrinaOrdersWait",
                        "firing VitrinaMessagesWait",
                        "firing VitrinaOutboxWaits vitrina-orders",
                        "firing VitrinaBooksNotAudited vitrina-wallet");
            } finally {
                stack.broker().thaw();
            }
            pause(TOO_LONG);
            wallet.rollback();
        }
        stack.program("sms-gateway").start();
        told(
                prometheus,
                "firing VitrinaBudgetBurnsFast orders",
                "firing VitrinaBudgetBurnsFast sms",
                "firing VitrinaBudgetBurnsSlowly orders",
                "firing VitrinaPredictionsOld",
                "resolved VitrinaOrdersWait",
                "resolved VitrinaMessagesWait",
                "resolved VitrinaOutboxWaits vitrina-orders",
                "resolved VitrinaBooksNotAudited vitrina-wallet",
                "resolved VitrinaBudgetBurnsFast orders",
                "resolved VitrinaBudgetBurnsFast sms",
                "resolved VitrinaBudgetBurnsSlowly orders");
        send(stack, "products.changed", changed(2, "\"deleted\":true"));
    }

    /** Products is away; money comes from nowhere; what nobody can read is in the queue; favorites has more than it can do. */
    private void whatFails(OrderStack stack, Prometheus prometheus) throws Exception {
        // without products, which knows the prices, nobody orders anew
        ordering.set(false);
        stack.postgres().execute("wallet", "UPDATE wallet SET balance = balance + 1 WHERE user_id = " + USER);
        send(stack, "notifications", "nobody can read this");
        stack.program("products").kill();
        overloading.set(true);
        told(
                prometheus,
                "firing VitrinaBudgetBurnsFast page",
                "firing VitrinaBudgetBurnsSlowly page",
                "firing VitrinaPagesDegraded",
                "firing VitrinaBreakerOpen products",
                "firing VitrinaTargetDown vitrina-products",
                "firing VitrinaBooksWrong vitrina-wallet",
                "firing VitrinaDeadLetters notifications",
                "firing VitrinaOverloaded vitrina-favorites");
        panelsHaveValues(prometheus);
        overloading.set(false);
        stack.postgres().execute("wallet", "UPDATE wallet SET balance = balance - 1 WHERE user_id = " + USER);
        stack.program("products").start();
        told(
                prometheus,
                "resolved VitrinaPredictionsOld",
                "resolved VitrinaBudgetBurnsFast page",
                "resolved VitrinaBudgetBurnsSlowly page",
                "resolved VitrinaPagesDegraded",
                "resolved VitrinaBreakerOpen products",
                "resolved VitrinaTargetDown vitrina-products",
                "resolved VitrinaBooksWrong vitrina-wallet",
                "resolved VitrinaDeadLetters notifications",
                "resolved VitrinaOverloaded vitrina-favorites");
    }

    private static void whatIsNotThere(OrderStack stack, Prometheus prometheus) {
        stack.program("bff").kill();
        told(prometheus, "firing VitrinaMetricsAbsent vitrina_page_seconds_count");
        stack.program("bff").start();
        told(prometheus, "resolved VitrinaMetricsAbsent vitrina_page_seconds_count");
    }

    private static String changed(int version, String what) {
        return "{\"product_id\":" + PRODUCT + ",\"version\":" + version + ",\"category_id\":1," + what + "}";
    }

    private static void send(OrderStack stack, String queue, String text) throws Exception {
        try (com.rabbitmq.client.Connection connection = stack.broker().connect();
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, text.getBytes(StandardCharsets.UTF_8));
            channel.waitForConfirmsOrDie(10_000);
        }
    }

    /** More at once than one after the other can be in time for callers who have no time. */
    private void overload(OrderStack stack) {
        String target = stack.program("favorites").url() + "/users/" + USER + "/favorites";
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            while (!done.get()) {
                for (int caller = 0; overloading.get() && caller < 20; caller++) {
                    var unused = callers.submit(() -> http.send(Http.json(target)
                            .header("X-Request-Deadline-Ms", "3")
                            .GET()));
                }
                pause(Duration.ofMillis(200));
            }
        }
    }

    private static void told(Prometheus prometheus, String... alerts) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(prometheus.told()).contains(alerts));
    }

    /** Also those of faults and of what callers sent. */
    private static void everyLineIsAnEvent(OrderStack stack) throws IOException {
        int ofRequests = 0;
        for (Program program : stack.programs()) {
            assertThat(program.log()).as(program.name()).isNotEmpty();
            ofRequests += EcsLines.check(program.name(), program.log(), PHONE);
            EcsLines.withoutStackTraces(program.name(), program.log());
        }
        assertThat(ofRequests).isPositive();
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
        settings.put(
                "favorites",
                Map.of(
                        "vitrina.overload.min-limit", "1",
                        "vitrina.overload.initial-limit", "1",
                        "vitrina.overload.max-limit", "1"));
        settings.put("predictions", stack.brokerSettings("predictions"));
        return settings;
    }

    private static Map<String, String> front(OrderStack stack) {
        Map<String, String> bff = new HashMap<>(Map.of("vitrina.cache.topology", "memory"));
        for (String service : List.of(
                "products", "inventory", "cart", "favorites", "orders", "wallet", "notifications", "predictions")) {
            bff.put("vitrina.bff." + service + ".url", stack.program(service).url());
        }
        return bff;
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
        String price = await("what an order needs")
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(
                        () -> {
                            http.send(Http.json(wallet)
                                    .header("Idempotency-Key", "observed")
                                    .POST(HttpRequest.BodyPublishers.ofString("{\"amount\":\"100000000.00\"}")));
                            http.put(
                                    stack.program("inventory").url() + "/products/" + PRODUCT + "/inventory",
                                    "{\"inventory\":1000000}");
                            return http.get(stack.program("products").url() + "/products/" + PRODUCT)
                                    .json()
                                    .path("price")
                                    .asText();
                        },
                        text -> !text.isEmpty());
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
