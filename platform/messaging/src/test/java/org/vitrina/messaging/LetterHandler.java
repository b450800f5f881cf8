package org.vitrina.messaging;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** Handles letters as a test scripts it, by their text. */
@ApplicationScoped
class LetterHandler implements QueueHandler {
    private final Map<String, Function<QueueMessage, Uni<Void>>> scripts = new ConcurrentHashMap<>();
    private final Queue<QueueMessage> handled = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> attempts = new ConcurrentHashMap<>();

    @Override
    public String queue() {
        return "letters";
    }

    @Override
    public Uni<Void> handle(QueueMessage message) {
        attempts.merge(message.text(), 1, Integer::sum);
        return scripts.getOrDefault(message.text(), letter -> Uni.createFrom().voidItem())
                .apply(message)
                .invoke(() -> handled.add(message));
    }

    /** A letter whose text begins so says when it was written. */
    @Override
    public Optional<Instant> occurredAt(QueueMessage message) {
        return message.text().startsWith("of 2")
                ? Optional.of(Instant.parse(message.text().substring(3)))
                : Optional.empty();
    }

    void script(String text, Function<QueueMessage, Uni<Void>> script) {
        scripts.put(text, script);
    }

    void noScript(String text) {
        scripts.remove(text);
    }

    int attempts(String text) {
        return attempts.getOrDefault(text, 0);
    }

    List<QueueMessage> handled(String text) {
        return handled.stream().filter(letter -> letter.text().equals(text)).toList();
    }
}
