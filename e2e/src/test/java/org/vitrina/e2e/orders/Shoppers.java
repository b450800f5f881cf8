package org.vitrina.e2e.orders;

import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** What a shop is asked for all the time, whatever happens to it: a steady trickle of pages, orders and new features. */
final class Shoppers implements AutoCloseable {
    static final int USER = 2_001;
    static final String PHONE = "+79991234567";

    private static final int PRODUCT = 1;
    private static final int PRODUCTS = 190;
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final Http http = new Http();
    private final OrderStack stack;
    private final AtomicBoolean done = new AtomicBoolean();
    private final AtomicInteger placed = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final String order;

    /** Gives the user money and the shelf stock. */
    Shoppers(OrderStack stack) {
        this.stack = stack;
        String price = await("what an order needs")
                .atMost(TIMEOUT)
                .ignoreExceptions()
                .until(this::prepared, text -> !text.isEmpty());
        this.order =
                "{\"products\":[{\"id\":%d,\"price\":\"%s\",\"quantity\":1}],\"shipping_to\":\"here\",\"phone\":\"%s\"}"
                        .formatted(PRODUCT, price, PHONE);
    }

    private String prepared() {
        http.send(Http.json(stack.program("wallet").url() + "/users/" + USER + "/wallet/top-ups")
                .header("Idempotency-Key", "shoppers")
                .POST(HttpRequest.BodyPublishers.ofString("{\"amount\":\"100000000.00\"}")));
        http.put(stack.program("inventory").url() + "/products/" + PRODUCT + "/inventory", "{\"inventory\":1000000}");
        return http.get(stack.program("products").url() + "/products/" + PRODUCT)
                .json()
                .path("price")
                .asText();
    }

    /** Of every other page nobody has looked at its category before: of it there is no copy. */
    Shoppers look(Duration pause) {
        String pages = stack.program("bff").url() + "/products/all";
        return each(pause, number -> http.get(pages + (number % 2 == 0 ? "" : "?category_id=" + (1_000 + number))));
    }

    Shoppers order(Duration pause) {
        return each(pause, number -> {
            Http.Answer answer = http.send(
                    Http.json(Customer.ordersOf(stack.program("orders").url()) + "?user_id=" + USER)
                            .header("Idempotency-Key", "shoppers-" + number)
                            .POST(HttpRequest.BodyPublishers.ofString(order)));
            if (answer.status() == 201 || answer.status() == 202) {
                placed.incrementAndGet();
            }
        });
    }

    /** Products get other features, one after the other. */
    Shoppers change(Duration pause) {
        return each(pause, number -> {
            String event = "{\"product_id\":%d,\"version\":%d,\"category_id\":1,\"features\":[0,0,0,0,0,0,0,0,0,%s]}"
                    .formatted(1 + number % PRODUCTS, 1 + number / PRODUCTS, number % 100 / 1_000.0);
            try {
                send(stack, "products.changed", event);
            } catch (IOException | TimeoutException | ShutdownSignalException away) {
                // the broker is frozen at the moment
            }
        });
    }

    /** Orders that were accepted. */
    int placed() {
        return placed.get();
    }

    static void send(OrderStack stack, String queue, String text) throws IOException, TimeoutException {
        try (Connection connection = stack.broker().connect();
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, text.getBytes(StandardCharsets.UTF_8));
            channel.waitForConfirmsOrDie(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One of a kind of request. */
    @FunctionalInterface
    private interface Visit {
        void make(int number);
    }

    /** One that waits for an answer holds up no other. */
    private Shoppers each(Duration pause, Visit visit) {
        var unused = threads.submit(() -> {
            for (int number = 0; !done.get(); number++) {
                int current = number;
                var ignored = threads.submit(() -> visit.make(current));
                CrashLoop.pause(pause);
            }
        });
        return this;
    }

    /** No more requests; those under way come to their end. */
    @Override
    public void close() {
        done.set(true);
        threads.close();
    }
}
