package org.vitrina.messaging;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.UUID;

/**
 * A row of the outbox on its way.
 *
 * @param position where it stands in the outbox
 * @param age how many seconds ago it was written
 */
record OutboxRow(
        long position,
        UUID id,
        String exchange,
        String routingKey,
        String orderingKey,
        JsonObject headers,
        Buffer body,
        double age) {

    /** The same event with other headers. */
    OutboxRow with(JsonObject others) {
        return new OutboxRow(position, id, exchange, routingKey, orderingKey, others, body, age);
    }

    /** Where it goes: an operator's name for it, and the form in which {@link OutboxRepository#claim} leaves it out. */
    String route() {
        return exchange + ' ' + routingKey;
    }
}
