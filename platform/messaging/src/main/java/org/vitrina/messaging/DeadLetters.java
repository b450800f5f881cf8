package org.vitrina.messaging;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.vitrina.amqp.Topology;

/**
 * Gives a message up: it goes to {@code <queue>.dlq}, with the reason, by the outbox. So it is on record in the moment in
 * which it is given up, and with the broker once that has confirmed it.
 */
@ApplicationScoped
public class DeadLetters {
    private final Outbox outbox;
    private final HandledEvents handled;
    private final MeterRegistry registry;

    DeadLetters(Outbox outbox, HandledEvents handled, MeterRegistry registry) {
        this.outbox = outbox;
        this.handled = handled;
        this.registry = registry;
    }

    /**
     * Adds the dead letter to the caller's transaction. The event, if that is what it is, is remembered as one that was
     * given up, with {@code <queue>.dlq} as its {@linkplain HandledEvents consumer}.
     */
    public Uni<Void> add(QueueMessage message, int attempts, String reason) {
        String deadLetters = Topology.deadLetters(message.queue());
        return remember(deadLetters, message.messageId())
                .chain(() -> outbox.add(
                        UUID.randomUUID(),
                        "",
                        deadLetters,
                        "dead " + message.messageId(),
                        DeadLetter.headers(message, attempts, reason).encode(),
                        message.body().getBytes()))
                .invoke(() -> registry.counter("vitrina.queue.messages", "queue", message.queue(), "outcome", "dead")
                        .increment());
    }

    private Uni<Boolean> remember(String deadLetters, @Nullable String messageId) {
        try {
            return handled.firstTime(deadLetters, UUID.fromString(String.valueOf(messageId)));
        } catch (IllegalArgumentException noEvent) {
            return Uni.createFrom().item(false);
        }
    }
}
