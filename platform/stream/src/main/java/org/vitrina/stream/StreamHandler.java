package org.vitrina.stream;

import io.smallrye.mutiny.Uni;
import java.util.List;

/**
 * What a service does with the messages of one queue; each bean of this type is given those of its queue, in batches, one
 * after the other, each message at least once.
 */
public interface StreamHandler {
    /** The queue's name, without the prefix of the install. */
    String queue();

    /** Whether this process reads the queue. */
    default boolean enabled() {
        return true;
    }

    /** Exchanges that the queue is bound to or that answers go to. */
    default List<FanOutExchange> exchanges() {
        return List.of();
    }

    /**
     * Acts on a batch, on the queue's own thread, and tells for each message what is to happen with it.
     *
     * <p>A failure that says that nothing can be done at the moment (the database is away) leaves the whole batch where it is,
     * and it is tried again. After any other the messages are tried one by one, and one that fails again is a dead letter.
     */
    Uni<BatchResult> handle(List<StreamMessage> batch);
}
