package org.vitrina.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** What a user asks first, asked before him: the first request of a JVM takes many times as long as the second. */
final class TrainingRequests {
    private static final String PAGE = "bff /products/all";
    private static final List<String> ALL = List.of(
            "products /products",
            "products /products/1",
            "inventory /inventory?product_ids=1,2,3",
            "inventory /products/1/inventory",
            "favorites /users/1/favorites",
            "cart /users/1/cart",
            "wallet /users/1/wallet",
            "orders /api/v1/orders/?user_id=1",
            "orders /ops/audit",
            "notifications /users/1/notifications",
            "notifications /ops/audit",
            "sms-gateway /sms?client_ref=none",
            "metrics /metrics/error",
            "metrics /metrics/pairs?limit=5",
            "metrics /",
            "predictions /predictions/product/1",
            "predictions /parameters/classifier/1",
            "model /ops/model",
            "features /ops/generator",
            PAGE,
            "bff /products/1",
            "bff /cart",
            "bff /favorites",
            "bff /predictions/product/1",
            "bff /ops/resilience");

    private final Stack stack;

    TrainingRequests(Stack stack) {
        this.stack = stack;
    }

    /** Every question once, to the services that run. */
    void askAll() {
        List<String> running = stack.parts().stream().map(PartStatus::name).toList();
        ALL.stream().filter(question -> running.contains(partOf(question))).forEach(this::ask);
    }

    /** Asks for the page, which asks everybody else, until it comes quickly or the time is over. */
    void askForThePageUntilQuick(Duration quick, Duration limit) {
        if (stack.parts().stream().noneMatch(part -> part.name().equals(partOf(PAGE)))) {
            return;
        }
        long end = System.nanoTime() + limit.toNanos();
        long took;
        do {
            long begun = System.nanoTime();
            ask(PAGE);
            took = System.nanoTime() - begun;
        } while (took > quick.toNanos() && System.nanoTime() < end);
    }

    private static String partOf(String question) {
        return question.substring(0, question.indexOf(' '));
    }

    private void ask(String question) {
        String path = question.substring(question.indexOf(' ') + 1);
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create(stack.address(partOf(question)).url() + path)
                            .toURL()
                            .openConnection();
            connection.setConnectTimeout(2000);
            connection.setReadTimeout(3000);
            InputStream answer =
                    connection.getResponseCode() < 400 ? connection.getInputStream() : connection.getErrorStream();
            if (answer != null) {
                try (answer) {
                    answer.readAllBytes();
                }
            }
        } catch (IOException e) {
            // a part that does not answer is the status' matter, not ours
        }
    }
}
