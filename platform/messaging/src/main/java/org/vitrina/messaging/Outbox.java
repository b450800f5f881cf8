package org.vitrina.messaging;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.vitrina.runtime.trace.TraceSpan;

/**
 * Where a service writes the events that it has decided to send: in the transaction of the decision, so that either both
 * happen or neither. The {@link OutboxRelay} sends them afterwards, at least once.
 */
@ApplicationScoped
public class Outbox {
    private static final String NO_HEADERS = "{}";

    private final OutboxRepository repository;
    private final RelaySignal signal;

    Outbox(OutboxRepository repository, RelaySignal signal) {
        this.repository = repository;
        this.signal = signal;
    }

    /**
     * Adds the event to the caller's transaction; fails where there is none.
     *
     * <p>Two transactions that add events of one ordering key must not run side by side: the lock on what the event tells
     * of (the order's row) sees to that.
     */
    public Uni<Void> add(OutgoingEvent event) {
        return add(
                event.id(),
                event.exchange(),
                event.routingKey(),
                event.orderingKey(),
                headers(),
                event.json().getBytes(StandardCharsets.UTF_8));
    }

    /** What the event is part of goes with it. */
    private static String headers() {
        String traceparent = TraceSpan.current().recordedTraceparent();
        return traceparent == null
                ? NO_HEADERS
                : new JsonObject().put(QueueMessage.TRACEPARENT, traceparent).encode();
    }

    /** The service's own SQL called {@code add_to_outbox}: the relay looks now instead of at its next round. */
    public void announce() {
        signal.soon();
    }

    /** @param headers a JSON object of strings */
    Uni<Void> add(UUID id, String exchange, String routingKey, String orderingKey, String headers, byte[] body) {
        return repository
                .add(id, exchange, routingKey, orderingKey, headers, body)
                .invoke(signal::soon);
    }

    static void requireTransaction(Mutiny.Session session) {
        if (session.currentTransaction() == null) {
            throw new IllegalStateException("there is no transaction that this could be part of");
        }
    }
}
