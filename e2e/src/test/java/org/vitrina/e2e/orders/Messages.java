package org.vitrina.e2e.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** The way of an event from the outbox to a customer's telephone, looked at from both ends. */
final class Messages {
    private static final String EXCHANGE = "orders.events";
    private static final String QUEUE = "notifications";
    private static final String DEAD_LETTERS = QUEUE + ".dlq";
    private static final String CONFIRMED = "confirmed";
    private static final String CANCELLED = "cancelled";
    private static final Duration A_WHILE = Duration.ofSeconds(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final OrderStack stack;
    private final Set<String> poison = ConcurrentHashMap.newKeySet();
    private final AtomicInteger next = new AtomicInteger();

    Messages(OrderStack stack) {
        this.stack = stack;
    }

    /** An event that nobody can read; noted if the broker has it. */
    void sendPoison() {
        String text = "poison " + next.incrementAndGet();
        try (Connection connection = stack.broker().connect();
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            channel.basicPublish(
                    EXCHANGE,
                    "order.confirmed",
                    MessageProperties.PERSISTENT_BASIC,
                    text.getBytes(StandardCharsets.UTF_8));
            channel.waitForConfirmsOrDie(5_000);
            poison.add(text);
        } catch (IOException | TimeoutException | ShutdownSignalException away) {
            // the broker is down at the moment
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until nothing is under way any more, for a while: a message in a process's hands is in no queue and no table. */
    void awaitQuiet(Duration timeout) {
        await("nothing in outboxes, in the queue, parked, or on its way to the provider")
                .atMost(timeout)
                .during(A_WHILE)
                .ignoreExceptions()
                .pollInterval(Duration.ofMillis(300))
                .untilAsserted(() -> assertThat(underWay()).isEqualTo(Map.of()));
    }

    /** How much is where, of what should be nowhere. */
    private Map<String, Long> underWay() {
        JsonNode notifications = stack.audit("notifications").path("counts");
        Map<String, Long> all = new TreeMap<>(Map.of(
                "outbox of orders", rows("orders", "outbox"),
                "outbox of notifications", rows("notifications", "outbox"),
                "queue", waiting(),
                "parked", rows("notifications", "parked_message"),
                "received", notifications.path("received").asLong(),
                "sending", notifications.path("sending").asLong()));
        all.values().removeIf(count -> count == 0);
        return all;
    }

    /**
     * What is wrong with what customers read.
     *
     * @param endOfPhone by each customer's number the end of the only order that it belongs to, if that was not rejected
     */
    List<String> whatIsWrong(Map<String, String> endOfPhone) {
        List<String> wrong = new ArrayList<>();
        Set<String> references = new HashSet<>();
        Map<String, List<String>> texts = new HashMap<>();
        for (String line : stack.sentMessages()) {
            JsonNode sms = parsed(line).path("sms");
            if (!references.add(sms.path("client_ref").asText())) {
                wrong.add("one event, two messages: " + line);
            }
            texts.computeIfAbsent(sms.path("to").asText(), to -> new ArrayList<>())
                    .add(sms.path("text").asText());
        }
        endOfPhone.forEach((phone, end) -> {
            List<String> read = texts.getOrDefault(phone, List.of());
            texts.remove(phone);
            long confirmations = count(read, CONFIRMED);
            long cancellations = count(read, CANCELLED);
            boolean right =
                    switch (end) {
                        case CONFIRMED -> confirmations == 1 && cancellations == 0;
                        // both, or none where the cancellation was faster; one alone where it was never confirmed
                        case CANCELLED -> confirmations <= 1 && cancellations <= 1 && confirmations <= cancellations;
                        default -> read.isEmpty();
                    };
            if (!right) {
                wrong.add("the order of " + phone + " is " + end + ", but its customer read " + read);
            }
        });
        texts.forEach((phone, read) -> wrong.add(phone + " has no order, but read " + read));
        Set<String> dead = deadLetters();
        Set<String> lost = new HashSet<>(poison);
        lost.removeAll(dead);
        if (!lost.isEmpty()) {
            wrong.add("messages that nobody could read are lost: " + lost);
        }
        dead.removeAll(poison);
        if (!dead.isEmpty()) {
            wrong.add("dead letters that somebody could have read: " + dead);
        }
        return wrong;
    }

    private static long count(List<String> texts, String what) {
        return texts.stream().filter(text -> text.contains("is " + what)).count();
    }

    private static JsonNode parsed(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("no line of the provider's: " + line, e);
        }
    }

    private long waiting() {
        try (Connection connection = stack.broker().connect();
                Channel channel = connection.createChannel()) {
            return channel.queueDeclarePassive(QUEUE).getMessageCount();
        } catch (IOException | TimeoutException e) {
            throw new IllegalStateException("the queue cannot be looked at", e);
        }
    }

    private Set<String> deadLetters() {
        Set<String> bodies = new HashSet<>();
        try (Connection connection = stack.broker().connect();
                Channel channel = connection.createChannel()) {
            channel.queueDeclare(DEAD_LETTERS, true, false, false, null);
            GetResponse message = channel.basicGet(DEAD_LETTERS, true);
            while (message != null) {
                bodies.add(new String(message.getBody(), StandardCharsets.UTF_8));
                message = channel.basicGet(DEAD_LETTERS, true);
            }
        } catch (IOException | TimeoutException e) {
            throw new IllegalStateException("the dead letters cannot be looked at", e);
        }
        return bodies;
    }

    private long rows(String database, String table) {
        try (var connection = stack.postgres().connect(database);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
