package org.vitrina.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vitrina.launcher.spec.ServiceSpec;
import org.vitrina.launcher.spec.Services;
import org.vitrina.testing.DatabaseText;

/** {@code ./vitrina erase} on the packaged system as it runs: afterwards nobody has the number, or the address, any more. */
class ErasureIT {
    private static final Store STORE = Store.running();
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Path ACCEPTED = Store.FOLDER.resolve("sms/accepted.jsonl");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    // the store's data outlives a run
    private final int user = 1_000_000 + (int) (System.nanoTime() % 1_000_000_000);
    private final String phone = "+79%09d".formatted(user % 1_000_000_000);
    private final String address = "Елец, ул. Тихая, " + user;

    @BeforeEach
    void heal() {
        STORE.heal();
    }

    @Test
    void nobodyHasAnythingOfTheUserAfterwards() throws Exception {
        String bff = STORE.stack().address("bff").url();
        buys(bff);
        assertThat(tablesWith(phone)).contains("orders.customer_order", "notifications.notification");
        assertThat(tablesWith(address)).contains("orders.customer_order");
        assertThat(Files.readString(ACCEPTED)).contains(phone);
        String before = orders(bff).headers().firstValue("ETag").orElseThrow();

        assertThat(erase())
                .containsPattern("orders: erased .*2 addresses, 2 answers")
                .containsPattern("notifications: erased .*2 notifications")
                .contains("cart: erased 1 lines", "favorites: erased 1 favorites", "predictions: erased 1 scores")
                .endsWith("User " + user + " is erased.");

        assertGone();
        HttpResponse<String> after = orders(bff);
        assertThat(after.headers().firstValue("ETag").orElseThrow()).isNotEqualTo(before);
        assertThat(after.body()).contains("\"total\"").doesNotContain(address);
        // what came of the dead letter
        await().atMost(SOON).until(() -> STORE.ask("notifications", "/users/" + user + "/notifications")
                .contains("suppressed"));
        assertGone();

        assertThat(erase())
                .contains("orders: erased 0 addresses, 0 answers, 0 events")
                .contains("notifications: erased 0 messages, 0 notifications");
    }

    /** Something for each place that keeps something of a user: a message that was sent, and one that the provider refused. */
    private void buys(String bff) throws IOException, InterruptedException {
        send(bff, "POST", "/wallet/top-ups", "{\"amount\":\"100000.00\"}");
        send(bff, "PUT", "/cart/1", "{\"quantity\":2}");
        send(bff, "PUT", "/favorites/1", "");
        send(
                STORE.stack().address("predictions").url(),
                "POST",
                "/users/" + user + "/score/2026-11",
                "{\"score\":0.5}");
        place(bff);
        awaitState("sent");
        String sms = STORE.stack().address("sms-gateway").url();
        send(sms, "PUT", "/ops/faults", "{\"mode\":\"fail\",\"status\":400,\"to\":\"" + phone + "\"}");
        try {
            place(bff);
            awaitState("dead");
        } finally {
            send(sms, "DELETE", "/ops/faults", "");
        }
    }

    private void place(String bff) throws IOException, InterruptedException {
        String price = JSON.readTree(STORE.ask("products", "/products/1"))
                .path("price")
                .asText();
        HttpResponse<String> placed = send(
                bff,
                "POST",
                "/api/v1/orders/",
                "{\"products\":[{\"id\":1,\"price\":\"" + price + "\",\"quantity\":1}],\"shipping_to\":\"" + address
                        + "\",\"phone\":\"" + phone + "\"}");
        String order = JSON.readTree(placed.body()).path("order_id").asText();
        await().atMost(SOON).until(() -> STORE.ask("orders", "/api/v1/orders/" + order + "?user_id=" + user)
                .contains("\"confirmed\""));
    }

    private void awaitState(String state) {
        await().atMost(SOON).until(() -> STORE.ask("notifications", "/users/" + user + "/notifications")
                .contains("\"" + state + "\""));
    }

    private void assertGone() throws SQLException, IOException {
        for (String text : List.of(phone, phone.substring(1), address)) {
            assertThat(tablesWith(text)).as(text).isEmpty();
        }
        assertThat(Files.readString(ACCEPTED)).doesNotContain(phone);
        assertThat(STORE.ask("sms-gateway", "/sms?limit=1000")).doesNotContain(phone);
        for (ServiceSpec service : withDatabase()) {
            assertThat(STORE.log(service.name()))
                    .as(service.name())
                    .noneMatch(line -> line.contains(phone) || line.contains(address));
        }
    }

    private static List<ServiceSpec> withDatabase() {
        return Services.of(Store.project()).all().stream()
                .filter(ServiceSpec::hasDatabase)
                .toList();
    }

    /** Of every service's database, each table as {@code orders.customer_order}. */
    private static List<String> tablesWith(String text) throws SQLException {
        List<String> found = new ArrayList<>();
        for (ServiceSpec service : withDatabase()) {
            try (Connection database = DriverManager.getConnection(STORE.stack().jdbcUrl(service.name()))) {
                DatabaseText.tablesWith(database, text).forEach(table -> found.add(service.name() + "." + table));
            }
        }
        return found;
    }

    private HttpResponse<String> orders(String bff) throws IOException, InterruptedException {
        return send(bff, "GET", "/api/v1/orders/?limit=10", "");
    }

    private HttpResponse<String> send(String url, String method, String path, String body)
            throws IOException, InterruptedException {
        char next = path.indexOf('?') < 0 ? '?' : '&';
        String asked = url.equals(STORE.stack().address("bff").url()) || path.startsWith("/api")
                ? path + next + "user_id=" + user
                : path;
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(url + asked))
                        .timeout(Duration.ofSeconds(20))
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", UUID.randomUUID().toString())
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode())
                .as("%s %s: %s", method, path, answer.body())
                .isBetween(200, 299);
        return answer;
    }

    private String erase() throws IOException, InterruptedException {
        return Store.vitrina(Store.FOLDER, "erase", Integer.toString(user));
    }
}
