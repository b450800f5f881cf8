package org.vitrina.messaging;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Optional;

/**
 * What a service does with the messages of one queue; each bean of this type is given those of its queue, several at once
 * and in no sure order, and each at least once.
 */
public interface QueueHandler {
    /** The queue's name, without the prefix of the install. Its bindings are {@code vitrina.broker.queues.<name>}. */
    String queue();

    /**
     * Acts on the message in a transaction of its own, with {@link HandledEvents} inside it.
     *
     * <p>When it completes, the message is acknowledged. A failure that says that nothing can be done at the moment (the
     * database is away) leaves the message under way, and it is tried again; any other counts as one of the message's
     * attempts: it is kept in {@code parked_message}, tried again later, and becomes a dead letter in the end.
     */
    Uni<Void> handle(QueueMessage message);

    /**
     * When that of which the message tells came to pass; empty where the message does not say so, or where {@link
     * HandledEvents} is not what keeps it from being acted on twice. A dead letter of something older than those are
     * remembered is not taken up again.
     */
    default Optional<Instant> occurredAt(QueueMessage message) {
        return Optional.empty();
    }
}
