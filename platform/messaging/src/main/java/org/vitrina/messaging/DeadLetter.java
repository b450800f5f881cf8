package org.vitrina.messaging;

import com.rabbitmq.client.GetResponse;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vitrina.amqp.DeadLetterHeaders;

/** How a dead letter tells why it is one and where it came from: in headers, beside the unchanged body. */
final class DeadLetter {
    static final String REASON = DeadLetterHeaders.REASON;
    static final String QUEUE = DeadLetterHeaders.QUEUE;
    static final String ATTEMPTS = DeadLetterHeaders.ATTEMPTS;
    static final String EXCHANGE = DeadLetterHeaders.EXCHANGE;
    static final String ROUTING_KEY = DeadLetterHeaders.ROUTING_KEY;
    static final String MESSAGE_ID = DeadLetterHeaders.MESSAGE_ID;

    private DeadLetter() {}

    static JsonObject headers(QueueMessage message, int attempts, String reason) {
        var headers = new JsonObject()
                .put(REASON, shortened(reason))
                .put(QUEUE, message.queue())
                .put(ATTEMPTS, attempts)
                .put(EXCHANGE, message.exchange())
                .put(ROUTING_KEY, message.routingKey());
        if (message.messageId() != null) {
            headers.put(MESSAGE_ID, message.messageId());
        }
        return headers;
    }

    /** The message that became this dead letter; one that another program put there is taken as it is. */
    static QueueMessage original(String queue, GetResponse letter) {
        Map<String, Object> headers = letter.getProps().getHeaders();
        boolean ours = headers != null && headers.containsKey(QUEUE);
        return new QueueMessage(
                queue,
                ours ? text(headers, EXCHANGE, "") : letter.getEnvelope().getExchange(),
                ours ? text(headers, ROUTING_KEY, queue) : letter.getEnvelope().getRoutingKey(),
                ours
                        ? headers.get(MESSAGE_ID) == null ? null : text(headers, MESSAGE_ID, "")
                        : letter.getProps().getMessageId(),
                Buffer.buffer(letter.getBody()),
                true);
    }

    static String shortened(@Nullable String reason) {
        return DeadLetterHeaders.shortened(reason == null ? "" : reason);
    }

    private static String text(Map<String, Object> headers, String name, String otherwise) {
        Object value = headers.get(name);
        return value == null ? otherwise : value.toString();
    }
}
