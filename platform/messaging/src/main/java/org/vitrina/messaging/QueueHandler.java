package org.vitrina.messaging;

import io.smallrye.mutiny.Uni;

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
}
