package org.vitrina.notifications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restassured.RestAssured;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.vitrina.testing.Mailbox;

/** A customer of the tests' own with one order: tests share the application and must not meet each other. */
final class Customer {
    static final Duration SOON = Duration.ofSeconds(30);
    private static final AtomicInteger LAST = new AtomicInteger(1000);

    final int user = LAST.incrementAndGet();
    final String phone = "+7900000" + user;
    final UUID order = UUID.randomUUID();
    final UUID confirmation = UUID.randomUUID();
    final UUID cancellation = UUID.randomUUID();
    final Instant occurred;
    private final Mailbox mailbox;

    Customer(Mailbox mailbox) {
        this(mailbox, Instant.now());
    }

    /** @param occurred when the order changed */
    Customer(Mailbox mailbox, Instant occurred) {
        this.occurred = occurred;
        this.mailbox = mailbox;
    }

    void confirmed() {
        mailbox.send("orders.events", "order.confirmed", confirmation.toString(), confirmedJson());
    }

    void cancelled() {
        mailbox.send("orders.events", "order.cancelled", cancellation.toString(), cancelledJson());
    }

    String confirmedJson() {
        return json(confirmation, "order.confirmed", "confirmed", "\"" + phone + "\"");
    }

    String cancelledJson() {
        return json(cancellation, "order.cancelled", "cancelled", "\"" + phone + "\"");
    }

    /** @param phoneJson with its quotes, or null */
    String json(UUID event, String type, String status, String phoneJson) {
        return "{\"event_id\":\"" + event + "\",\"type\":\"" + type + "\",\"version\":1,\"order_id\":\"" + order
                + "\",\"user_id\":" + user + ",\"sequence\":7,\"status\":\"" + status
                + "\",\"total\":\"5000.00\",\"phone\":" + phoneJson
                + ",\"occurred_at\":\"" + occurred + "\",\"added_later\":{\"x\":1}}";
    }

    List<Map<String, Object>> notifications() {
        return RestAssured.given()
                .get("/users/" + user + "/notifications")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("$");
    }

    /** State by type. */
    Map<String, String> states() {
        return notifications().stream()
                .collect(java.util.stream.Collectors.toMap(
                        one -> String.valueOf(one.get("type")), one -> String.valueOf(one.get("state"))));
    }

    void awaitState(String type, String state) {
        await().atMost(SOON).untilAsserted(() -> assertThat(states()).containsEntry(type, state));
    }
}
