package org.vitrina.e2e.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * What docs/operations.md says of backup and restore: a copy of all databases at one instant, taken while customers order,
 * is a shop whose books agree. With {@code --soak} only, since it needs a stack of its own.
 */
@EnabledIfSystemProperty(named = "soak", matches = "true")
class BackupIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int USER = 2_003;
    private static final int PRODUCT = 1;
    private static final List<String> AUDITED = List.of("wallet", "inventory", "orders", "notifications");

    private final Http http = new Http();
    private final AtomicBoolean done = new AtomicBoolean();
    private final AtomicInteger placed = new AtomicInteger();

    @Test
    void whatIsRestoredIsAShopWhoseBooksAgree(@TempDir Path folder) throws Exception {
        try (OrderStack stack = new OrderStack(OrderStack.PROJECT.resolve("e2e/target/backup"));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> customer = threads.submit(() -> order(stack));
            await().atMost(TIMEOUT).until(() -> placed.get() >= 20);
            Backup backup = new Backup(stack.postgres(), folder);
            int before = placed.get();
            backup.take();
            int then = placed.get();
            await("orders that the backup does not have").atMost(TIMEOUT).until(() -> placed.get() >= then + 10);
            done.set(true);
            customer.get();
            int all = orders(stack);

            backup.restore();
            stack.heal();
            await("what was under way comes to its end")
                    .atMost(TIMEOUT)
                    .ignoreExceptions()
                    .untilAsserted(() -> {
                        assertThat(stack.audit("inventory").path("held").asLong())
                                .isZero();
                        for (String service : AUDITED) {
                            JsonNode audit = stack.audit(service);
                            assertThat(audit.path("consistent").asBoolean())
                                    .as("%s: %s", service, audit)
                                    .isTrue();
                        }
                    });
            assertThat(orders(stack)).isGreaterThanOrEqualTo(before).isLessThan(all);
            List<String> sent = stack.sentMessages().stream()
                    .map(line -> line.replaceAll(".*\"client_ref\":\"([^\"]+)\".*", "$1"))
                    .toList();
            assertThat(sent).as("each message once, also those sent before").doesNotHaveDuplicates();
        }
    }

    private int orders(OrderStack stack) throws Exception {
        try (var connection = stack.postgres().connect("orders");
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM customer_order WHERE user_id = " + USER)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private void order(OrderStack stack) {
        http.send(Http.json(stack.program("wallet").url() + "/users/" + USER + "/wallet/top-ups")
                .header("Idempotency-Key", "backup")
                .POST(HttpRequest.BodyPublishers.ofString("{\"amount\":\"100000000.00\"}")));
        http.put(stack.program("inventory").url() + "/products/" + PRODUCT + "/inventory", "{\"inventory\":1000000}");
        String price = http.get(stack.program("products").url() + "/products/" + PRODUCT)
                .json()
                .path("price")
                .asText();
        String body =
                "{\"products\":[{\"id\":%d,\"price\":\"%s\",\"quantity\":1}],\"shipping_to\":\"here\",\"phone\":\"+79991234567\"}"
                        .formatted(PRODUCT, price);
        for (int number = 0; !done.get(); number++) {
            Http.Answer answer = http.send(
                    Http.json(Customer.ordersOf(stack.program("orders").url()) + "?user_id=" + USER)
                            .header("Idempotency-Key", "backup-" + number)
                            .POST(HttpRequest.BodyPublishers.ofString(body)));
            if (answer.status() == 201 || answer.status() == 202) {
                placed.incrementAndGet();
            }
            CrashLoop.pause(Duration.ofMillis(50));
        }
    }
}
