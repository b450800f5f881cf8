package org.vitrina.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.TraceCollector;
import org.vitrina.testing.TraceCollector.Told;

/** One trace of a page and one of an order, over every process that they pass through, as a collector gets them. */
class TracesIT {
    private static final Store STORE = Store.running();
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int USER = 2_002;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String traceparent = TraceCollector.recordedTraceparent();
    private final String trace = traceparent.substring(3, 35);

    @Test
    void aPageIsOneTraceDownToEachStatement() throws Exception {
        STORE.heal();
        HttpResponse<String> page =
                get(STORE.uncachedStack().address("bff").url() + "/products/all?limit=20&user_id=1", traceparent);
        assertThat(page.statusCode()).isEqualTo(200);

        awaitPaths(
                "bff SERVER GET /products/all > bff CLIENT call products > products SERVER GET /products"
                        + " > products CLIENT select product",
                "bff SERVER GET /products/all > bff CLIENT call inventory > inventory SERVER GET /inventory"
                        + " > inventory CLIENT select inventory",
                "bff SERVER GET /products/all > bff CLIENT call cart > cart SERVER GET /users/{id}/cart"
                        + " > cart CLIENT select user_cart",
                "bff SERVER GET /products/all > bff CLIENT call favorites > favorites SERVER GET /users/{id}/favorites"
                        + " > favorites CLIENT select user_favorite");
        Told root = root();
        assertThat(root.parent()).isEqualTo(traceparent.substring(36, 52));
        assertThat(root.attributes())
                .containsEntry("http.response.status_code", "200")
                .containsEntry("http.route", "/products/all")
                .containsEntry("vitrina.part.products", "ok")
                .containsEntry("vitrina.part.inventory", "ok")
                .containsEntry("vitrina.part.cart", "ok")
                .containsEntry("vitrina.part.favorites", "ok")
                .containsEntry("vitrina.cache.products.origin", "loaded")
                .containsKeys("vitrina.deadline.ms", "vitrina.queue.wait.ms", "vitrina.cache.products.age.ms");
        assertThat(named("bff", "call products").attributes())
                .containsEntry("peer.service", "products")
                .containsEntry("vitrina.attempt", "1")
                .containsEntry("vitrina.hedge", "false")
                .containsEntry("vitrina.breaker", "closed")
                .containsKey("vitrina.deadline.ms");
        assertThat(spans()).noneMatch(Told::failed);
        assertThat(spans().stream().filter(span -> span.attributes().containsKey("db.query.summary")))
                .allSatisfy(span -> assertThat(span.attributes())
                        .containsEntry("db.system.name", "postgresql")
                        .containsKeys("vitrina.pool.wait.ms", "vitrina.deadline.ms"));
    }

    @Test
    void anOrderIsOneTraceFromItsCallerToItsSms() throws Exception {
        STORE.heal();
        String bff = STORE.stack().address("bff").url();
        send(
                STORE.stack().address("wallet").url() + "/users/" + USER + "/wallet/top-ups",
                "{\"amount\":\"100000000.00\"}",
                Map.of());
        String price = get(
                        STORE.stack().address("products").url() + "/products/1", TraceCollector.unrecordedTraceparent())
                .body()
                .replaceAll(".*\"price\" *: *\"?([0-9.]+).*", "$1");
        HttpResponse<String> order = send(
                bff + "/api/v1/orders/?user_id=" + USER,
                "{\"products\":[{\"id\":1,\"price\":\"%s\",\"quantity\":1}],\"shipping_to\":\"here\",\"phone\":\"+79991234567\"}"
                        .formatted(price),
                Map.of("traceparent", traceparent));
        assertThat(order.statusCode()).as(order.body()).isEqualTo(201);

        String placed = "bff SERVER POST /api/v1/orders > bff CLIENT call orders > orders SERVER POST /api/v1/orders";
        String sent = placed + " > orders PRODUCER send orders.events order.confirmed";
        String handled = sent + " > notifications CONSUMER handle notifications";
        awaitPaths(
                placed + " > orders CLIENT select accept_traced_order",
                placed + " > orders CLIENT call wallet > wallet SERVER PUT /users/{id}/wallet/debits/{order_id}"
                        + " > wallet CLIENT select take_for_order",
                placed + " > orders CLIENT call inventory > inventory SERVER PUT /reservations/{order_id}"
                        + " > inventory CLIENT select reserve_stock",
                placed + " > orders CLIENT call inventory > inventory SERVER POST /reservations/{order_id}/commit"
                        + " > inventory CLIENT select commit_stock",
                placed + " > orders CLIENT select move_order",
                handled + " > notifications CLIENT insert notification",
                handled + " > notifications INTERNAL deliver notification > notifications CLIENT call sms-gateway",
                handled + " > notifications INTERNAL deliver notification > notifications CLIENT update notification");
        assertThat(named("orders", "send orders.events order.confirmed").attributes())
                .containsEntry("messaging.destination.name", "orders.events")
                .containsKeys("vitrina.queue.wait.ms", "messaging.message.id");
        assertThat(named("notifications", "deliver notification").attributes())
                .containsEntry("vitrina.outcome", "accepted")
                .containsEntry("vitrina.attempt", "1");
        assertThat(spans().stream().flatMap(span -> span.attributes().values().stream()))
                .as("nothing that a customer typed")
                .noneMatch(value -> value.contains("79991234567") || value.contains("here"));
    }

    private HttpResponse<String> get(String url, String carried) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(url))
                        .header("traceparent", carried)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> send(String url, String body, Map<String, String> headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private List<Told> spans() {
        return STORE.traces().of(trace);
    }

    private Told root() {
        return spans().stream()
                .filter(span -> span.parent().equals(traceparent.substring(36, 52))
                        && span.service().equals("bff"))
                .findFirst()
                .orElseThrow();
    }

    private Told named(String service, String name) {
        return spans().stream()
                .filter(span -> span.service().equals(service) && span.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Each span with those that it is part of, from the first one on; waits until these are among them. */
    private void awaitPaths(String... wanted) {
        await().atMost(SOON).untilAsserted(() -> assertThat(paths()).contains(wanted));
    }

    private Set<String> paths() {
        Map<String, Told> known =
                spans().stream().collect(Collectors.toMap(Told::id, span -> span, (one, same) -> one));
        Set<String> paths = new TreeSet<>();
        for (Told span : known.values()) {
            List<String> path = new ArrayList<>();
            for (Told up = span; up != null; up = known.get(up.parent())) {
                path.addFirst(up.service() + ' ' + up.kind() + ' ' + up.name());
            }
            paths.add(String.join(" > ", path));
        }
        return paths;
    }
}
