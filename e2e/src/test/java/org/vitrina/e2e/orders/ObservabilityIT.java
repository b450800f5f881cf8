package org.vitrina.e2e.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.vitrina.e2e.EcsLines;
import org.vitrina.servers.RedisServer;

/**
 * Each alert fires by a real fault in real processes and is resolved by its end, in Debian's Prometheus and Alertmanager with our
 * own rules; the line that each panel names moves by the fault that it names. With {@code --soak} only: it takes minutes.
 */
@EnabledIfSystemProperty(named = "soak", matches = "true")
class ObservabilityIT {
    private static final Path FOLDER = OrderStack.PROJECT.resolve("e2e/target/observability");

    /** Of a machine that is busy with everything else; the figures say how long it took. */
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private static final Duration POLL = Duration.ofMillis(200);

    /** Longer than the ten seconds within which an order is to be decided. */
    private static final Duration LEAST = Duration.ofSeconds(13);

    /** Longer than the interval of the panels' rates, before what they show is what it was. */
    private static final Duration SETTLED = Duration.ofSeconds(10);

    private static final Map<String, String> SETTINGS = Map.of(
            "vitrina.log", "json",
            "vitrina.faults.enabled", "true",
            "vitrina.wallet.audit-every", "1s",
            "vitrina.inventory.audit-every", "1s",
            "vitrina.orders.audit.interval", "1s",
            "vitrina.notifications.audit-interval", "1s");

    private final Map<String, Panels.Span> spans = new LinkedHashMap<>();
    private final List<AlertsProof.Driven> driven = new ArrayList<>();

    @Test
    void everyAlertFiresAndIsResolvedAndEveryPanelMovesByAFault() throws Exception {
        assumeThat(Prometheus.isHere())
                .as("Prometheus is not here: apt-get install prometheus prometheus-alertmanager")
                .isTrue();
        try (OrderStack stack = new OrderStack(FOLDER, SETTINGS);
                RedisServer redis = RedisServer.start()) {
            stack.startBeside(beside(stack));
            stack.startBeside(Map.of("bff", front(stack, redis)));
            stack.programs().forEach(stack::awaitReady);
            forgetDemoProducts(stack);
            try (Prometheus prometheus = new Prometheus(FOLDER.resolve("prometheus"), stack.programs());
                    Shoppers shoppers = new Shoppers(stack)) {
                try {
                    shoppers.look(Duration.ofMillis(150))
                            .order(Duration.ofMillis(200))
                            .change(Duration.ofSeconds(1));
                    drive(prometheus, new DrivenFaults(stack, redis).waves());
                } catch (Exception | AssertionError failed) {
                    System.out.println(prometheus.lastWords() + stack.lastWords());
                    throw failed;
                }
            }
            everyLineIsAnEvent(stack);
        }
    }

    /** Products has no broker here, to which it would tell of them. */
    private static void forgetDemoProducts(OrderStack stack) throws SQLException {
        try (Connection products = stack.postgres().connect("products");
                Statement statement = products.createStatement()) {
            statement.execute("DELETE FROM outbox");
        }
    }

    private void drive(Prometheus prometheus, List<List<DrivenFault>> waves) throws Exception {
        await("what is good is measured as good")
                .atMost(TIMEOUT)
                .pollInterval(POLL)
                .untilAsserted(() -> {
                    assertThat(prometheus.isReady()).isTrue();
                    assertThat(prometheus.query("vitrina:slo_requests:increase1h >= 10"))
                            .hasSize(3);
                    assertThat(prometheus.query("vitrina_predictions_answers_total > 3"))
                            .isNotEmpty();
                });
        for (List<DrivenFault> wave : waves) {
            drive(wave, prometheus);
        }
        CrashLoop.pause(SETTLED);
        List<Panels.Move> moves = Panels.moves(prometheus, spans);
        AlertsProof.write(waves.stream().flatMap(List::stream).toList(), driven, moves);
        assertThat(driven.stream().map(one -> one.alert().split(" ", 2)[0]))
                .as("each alert fired and was resolved")
                .containsAll(Prometheus.alerts());
        assertThat(moves.stream().filter(move -> !move.moved())).isEmpty();
    }

    /** Puts these faults in one after the other, takes them out when all that they alone can raise has fired, and awaits the end. */
    private void drive(List<DrivenFault> wave, Prometheus prometheus) throws Exception {
        await("no alert before the next faults")
                .atMost(TIMEOUT)
                .pollInterval(POLL)
                .untilAsserted(() -> assertThat(prometheus.query("ALERTS")).isEmpty());
        CrashLoop.pause(SETTLED);
        Instant calm = Instant.now();
        Map<DrivenFault, Instant> begun = new LinkedHashMap<>();
        for (DrivenFault fault : wave) {
            begun.put(fault, Instant.now());
            fault.begin().run();
            CrashLoop.pause(fault.lead());
        }
        Instant all = Instant.now();
        for (DrivenFault fault : wave) {
            fault.alerts().forEach(alert -> fired(prometheus, alert, begin(begun, fault)));
        }
        CrashLoop.pause(Duration.between(Instant.now(), all.plus(LEAST)));
        Map<DrivenFault, Instant> ended = new HashMap<>();
        for (DrivenFault fault : wave) {
            DrivenFault.Action end = fault.end();
            if (end != null) {
                end.run();
            }
            Instant to = end == null ? begin(begun, fault) : Instant.now();
            ended.put(fault, to);
            spans.put(fault.name(), new Panels.Span(calm, begin(begun, fault), to));
        }
        for (DrivenFault fault : wave) {
            Stream.concat(fault.alerts().stream(), fault.late().stream())
                    .forEach(alert -> driven.add(driven(
                            prometheus, alert, fault, begin(begun, fault), Objects.requireNonNull(ended.get(fault)))));
        }
    }

    private static Instant begin(Map<DrivenFault, Instant> begun, DrivenFault fault) {
        return Objects.requireNonNull(begun.get(fault));
    }

    /** When somebody was told for the first time since the fault began. */
    private static Instant fired(Prometheus prometheus, String alert, Instant since) {
        return await(alert + " fires")
                .atMost(TIMEOUT)
                .pollInterval(POLL)
                .until(
                        () -> prometheus.told(alert).stream()
                                .filter(one -> one.firing() && one.at().isAfter(since))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow()
                .at();
    }

    /** Awaits that the alert fired, and that the last that was said of it since the end of its fault is that it is resolved. */
    private static AlertsProof.Driven driven(
            Prometheus prometheus, String alert, DrivenFault fault, Instant begun, Instant ended) {
        Instant fired = fired(prometheus, alert, begun);
        await(alert + " is resolved").atMost(TIMEOUT).pollInterval(POLL).until(() -> {
            Prometheus.Told last = prometheus.told(alert).getLast();
            return !last.firing() && last.at().isAfter(ended);
        });
        Instant resolved = prometheus.told(alert).getLast().at();
        System.out.println(alert + ": fired " + Duration.between(begun, fired) + " after " + fault.name()
                + ", resolved " + Duration.between(ended, resolved) + " after its end");
        return new AlertsProof.Driven(alert, fault, Duration.between(begun, fired), Duration.between(ended, resolved));
    }

    /** Also those of faults and of what callers sent. */
    private static void everyLineIsAnEvent(OrderStack stack) throws IOException {
        int ofRequests = 0;
        for (Program program : stack.programs()) {
            assertThat(program.log()).as(program.name()).isNotEmpty();
            ofRequests += EcsLines.check(program.name(), program.log(), Shoppers.PHONE);
            EcsLines.withoutStackTraces(program.name(), program.log());
        }
        assertThat(ofRequests).isPositive();
    }

    /** What a shop has beside its orders. */
    private static Map<String, Map<String, String>> beside(OrderStack stack) {
        return Map.of(
                "cart", Map.of(),
                "favorites",
                        Map.of(
                                "vitrina.overload.min-limit", "1",
                                "vitrina.overload.initial-limit", "1",
                                "vitrina.overload.max-limit", "1"),
                "model", stack.brokerSettings("model"),
                "predictions", stack.brokerSettings("predictions"));
    }

    private static Map<String, String> front(OrderStack stack, RedisServer redis) {
        Map<String, String> bff =
                new HashMap<>(Map.of("vitrina.cache.topology", "sidecar", "vitrina.cache.redis.url", redis.url()));
        for (String service : List.of(
                "products", "inventory", "cart", "favorites", "orders", "wallet", "notifications", "predictions")) {
            bff.put("vitrina.bff." + service + ".url", stack.program(service).url());
        }
        return bff;
    }
}
