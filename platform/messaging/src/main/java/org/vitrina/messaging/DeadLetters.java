package org.vitrina.messaging;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.vitrina.amqp.Topology;

/**
 * Gives a message up: it goes to {@code <queue>.dlq}, with the reason, by the outbox. So it is on record in the moment in
 * which it is given up, and with the broker once that has confirmed it.
 */
@ApplicationScoped
public class DeadLetters {
    private final Outbox outbox;
    private final MeterRegistry registry;

    DeadLetters(Outbox outbox, MeterRegistry registry) {
        this.outbox = outbox;
        this.registry = registry;
    }

    /** Adds the dead letter to the caller's transaction. */
    public Uni<Void> add(QueueMessage message, int attempts, String reason) {
        return outbox.add(
                        UUID.randomUUID(),
                        "",
                        Topology.deadLetters(message.queue()),
                        "dead " + message.messageId(),
                        DeadLetter.headers(message, attempts, reason).encode(),
                        message.body().getBytes())
                .invoke(() -> registry.counter("vitrina.queue.messages", "queue", message.queue(), "outcome", "dead")
                        .increment());
    }
}
