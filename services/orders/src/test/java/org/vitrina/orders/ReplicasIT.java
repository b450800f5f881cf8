package org.vitrina.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.vitrina.servers.BrokerServer;
import org.vitrina.testing.Mailbox;
import org.vitrina.testing.PostgresResource;
import org.vitrina.testing.Race;

/** The packaged program twice, on one database and one broker: who asks does not matter which of the two answers. */
@DisabledIf("isNative")
@SuppressWarnings("NullAway.Init") // set before all tests
class ReplicasIT {
    private static final String PREFIX = "replicas-" + ProcessHandle.current().pid() + ".";

    private static final Shop FAKES = new Shop();
    private static Shop.Services shop;
    private static Mailbox mailbox;
    private static Map<String, String> settings;
    private static Replica one;
    private static Replica other;

    @BeforeAll
    static void start() throws IOException {
        shop = FAKES.services();
        settings = new HashMap<>(FAKES.start());
        var postgres = new PostgresResource();
        postgres.init(Map.of("database", "orders_replicas"));
        settings.putAll(postgres.start());
        BrokerServer broker = BrokerServer.shared();
        mailbox = new Mailbox(broker, PREFIX);
        mailbox.bind("told", "orders.events", "#");
        settings.put("vitrina.broker.host", "127.0.0.1");
        settings.put("vitrina.broker.port", Integer.toString(broker.port()));
        settings.put("vitrina.broker.prefix", PREFIX);
        settings.put("vitrina.orders.events.poll", "50ms");
        one = launch();
        other = launch();
        RestAssured.port = one.port;
    }

    @AfterAll
    static void end() throws InterruptedException {
        RestAssured.reset();
        for (@Nullable Replica replica : new @Nullable Replica[] {one, other}) {
            if (replica != null) {
                replica.close();
            }
        }
        FAKES.stop();
    }

    @AfterEach
    void heal() {
        shop.heal();
    }

    @RepeatedTest(3)
    void equalClicksAtBothAreOneOrder() {
        Buyer buyer = Buyer.in(shop);
        String key = Buyer.key();

        var answers = Race.of(32, i -> place(buyer, i, key, null));

        assertThat(answers).extracting(Response::statusCode).containsOnly(201);
        assertThat(answers)
                .extracting(answer -> answer.jsonPath().getString("order_id"))
                .containsOnly(answers.getFirst().jsonPath().getString("order_id"));
        assertThat(answers)
                .filteredOn(answer -> answer.header("Idempotent-Replayed") == null)
                .hasSize(1);
        buyer.assertSpent("10.00", 1);
        assertThat(buyer.orders()).isEqualTo(1);
    }

    @RepeatedTest(3)
    void ofWritersWithOneVersionAtBothOneWins() {
        Buyer buyer = Buyer.in(shop);
        String etag = buyer.etag();

        var answers = Race.of(8, i -> place(buyer, i, Buyer.key(), etag));

        assertThat(answers).extracting(Response::statusCode).containsOnly(201, 412);
        assertThat(answers).filteredOn(answer -> answer.statusCode() == 201).hasSize(1);
        buyer.assertSpent("10.00", 1);
    }

    @Test
    void aWatcherOfOneSeesWhatTheOtherDoesAndGoesOnAtTheOther() throws IOException {
        Buyer buyer = Buyer.in(shop);
        var open = new CountDownLatch(1);
        shop.wallet.fault = Shop.only(request -> request.method().equals("PUT"), (request, carryOut) -> {
            try {
                open.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return carryOut.get();
        });
        String order = buyer.buyWithin(600, Buyer.key(), 1)
                .then()
                .statusCode(202)
                .extract()
                .jsonPath()
                .getString("order_id");

        String last;
        try (var stream = new Stream(other, buyer, order, null)) {
            assertThat(stream.next()).containsEntry("id", "1").containsEntry("event", "order.pending");
            open.countDown();
            Map<String, String> next = stream.next();
            assertThat(next).containsEntry("id", "2").containsEntry("event", "order.confirmed");
            last = next.getOrDefault("id", "");
        }
        buyer.request()
                .port(other.port)
                .delete("/api/v1/orders/" + order)
                .then()
                .statusCode(200);
        try (var stream = new Stream(one, buyer, order, last)) {
            assertThat(stream.next()).containsEntry("id", "4").containsEntry("event", "order.cancelled");
        }
    }

    @Test
    void bothSendTheEventsOfEachOrderInTheirOrderAndOnce() {
        mailbox.take("told");
        List<String> orders = Race.of(16, i -> {
            Buyer buyer = Buyer.in(shop);
            String order = place(buyer, i, Buyer.key(), null)
                    .then()
                    .statusCode(201)
                    .extract()
                    .jsonPath()
                    .getString("order_id");
            buyer.request()
                    .port(port(i + 1))
                    .delete("/api/v1/orders/" + order)
                    .then()
                    .statusCode(200);
            return order;
        });

        Map<String, List<String>> told = new TreeMap<>();
        await().atMost(Replica.TIMEOUT).until(() -> {
            for (Mailbox.Letter letter : mailbox.take("told")) {
                String order = new JsonObject(letter.body()).getString("order_id");
                told.computeIfAbsent(order, first -> new ArrayList<>()).add(letter.routingKey());
            }
            return orders.stream()
                    .allMatch(order -> told.getOrDefault(order, List.of()).size() >= 4);
        });
        for (String order : orders) {
            assertThat(told.get(order))
                    .containsExactly("order.pending", "order.confirmed", "order.cancelling", "order.cancelled");
        }
    }

    /** Without a consumer that would declare it. */
    @Test
    void everyConfirmationComesIntoTheQueueThatWasDeletedMeanwhile() {
        // nobody else takes what it should have taken
        mailbox.delete("told");
        try {
            Buyer.in(shop).bought(1);
            await().atMost(Replica.TIMEOUT).ignoreExceptions().until(() -> !mailbox.take("notifications")
                    .isEmpty());
            mailbox.delete("notifications");

            List<String> orders = Race.of(16, i -> place(Buyer.in(shop), i, Buyer.key(), null)
                    .then()
                    .statusCode(201)
                    .extract()
                    .jsonPath()
                    .getString("order_id"));

            List<String> told = new ArrayList<>();
            await().atMost(Replica.TIMEOUT).ignoreExceptions().until(() -> {
                for (Mailbox.Letter letter : mailbox.take("notifications")) {
                    told.add(new JsonObject(letter.body()).getString("order_id"));
                }
                return told.size() >= orders.size();
            });
            assertThat(told).containsExactlyInAnyOrderElementsOf(orders);
        } finally {
            mailbox.bind("told", "orders.events", "#");
        }
    }

    @Test
    void aReplicaThatLeavesTellsItsWatchersToComeBackAndEndsWell() throws Exception {
        Buyer buyer = Buyer.in(shop);
        String order = buyer.bought(1);
        Replica leaving = launch();
        try (leaving;
                var stream = new Stream(leaving, buyer, order, null)) {
            assertThat(stream.next()).containsEntry("id", "2");

            leaving.process.destroy();

            assertThat(stream.rest()).contains("retry:1000");
            assertThat(leaving.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(leaving.process.exitValue()).isZero();
        }
        try (var stream = new Stream(other, buyer, order, null)) {
            assertThat(stream.next()).containsEntry("id", "2");
        }
    }

    /** At one for even numbers, at the other for odd ones; again where a loaded machine takes no more. */
    private static Response place(Buyer buyer, int number, String key, @Nullable String ifMatch) {
        Response answer;
        do {
            var request = buyer.request().port(port(number)).header("Idempotency-Key", key);
            if (ifMatch != null) {
                request.header("If-Match", ifMatch);
            }
            answer = request.body(buyer.body(1)).post("/api/v1/orders/");
        } while (answer.statusCode() == 503);
        return answer;
    }

    private static int port(int number) {
        return number % 2 == 0 ? one.port : other.port;
    }

    private static Replica launch() throws IOException {
        return Replica.launch(settings, Map.of(), "replicas-it.log");
    }

    static boolean isNative() throws IOException {
        return Replica.isNative();
    }

    /** An open event stream. */
    private static final class Stream implements AutoCloseable {
        private final HttpURLConnection connection;
        private final BufferedReader lines;

        Stream(Replica replica, Buyer buyer, String order, @Nullable String last) throws IOException {
            connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + replica.port + "/api/v1/orders/" + order
                            + "/events?user_id=" + buyer.user)
                    .toURL()
                    .openConnection();
            connection.setRequestProperty("Accept", "text/event-stream");
            connection.setReadTimeout(60_000);
            if (last != null) {
                connection.setRequestProperty("Last-Event-ID", last);
            }
            assertThat(connection.getResponseCode()).isEqualTo(200);
            lines = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
        }

        /** The next event with an id. */
        Map<String, String> next() throws IOException {
            Map<String, String> event = new HashMap<>();
            while (!event.containsKey("id")) {
                event.clear();
                for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
                    int colon = line.indexOf(':');
                    event.put(
                            line.substring(0, colon), line.substring(colon + 1).strip());
                }
            }
            return event;
        }

        /** All lines until the end, without blanks. */
        List<String> rest() throws IOException {
            List<String> rest = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                rest.add(line.replace(" ", ""));
            }
            return rest;
        }

        @Override
        public void close() {
            connection.disconnect();
        }
    }
}
