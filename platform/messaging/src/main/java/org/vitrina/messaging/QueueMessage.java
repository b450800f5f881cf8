package org.vitrina.messaging;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A message as it came out of a queue.
 *
 * @param queue its name without the prefix of the install
 * @param exchange where it was sent, without that prefix; empty for the default exchange
 * @param messageId the sender's AMQP message id, if it gave one
 * @param body its bytes, whatever they are
 * @param redriven whether an operator asked for it to be tried again after it had become a dead letter
 * @param traceparent what carries its trace; null where it has none, as one that was kept for another attempt
 */
public record QueueMessage(
        String queue,
        String exchange,
        String routingKey,
        @Nullable String messageId,
        Buffer body,
        boolean redriven,
        @Nullable String traceparent) {
    /** The header that carries a message's trace (W3C Trace Context). */
    static final String TRACEPARENT = "traceparent";

    public QueueMessage(
            String queue,
            String exchange,
            String routingKey,
            @Nullable String messageId,
            Buffer body,
            boolean redriven) {
        this(queue, exchange, routingKey, messageId, body, redriven, null);
    }

    /** The body as UTF-8. */
    public String text() {
        return body.toString(StandardCharsets.UTF_8);
    }

    /** The same message with another content. */
    QueueMessage withBody(Buffer content) {
        return new QueueMessage(queue, exchange, routingKey, messageId, content, redriven, traceparent);
    }
}
