package org.vitrina.messaging;

import java.util.UUID;

/**
 * An event to be sent once the transaction that tells it has committed.
 *
 * @param id of the event; receivers know a repetition by it, and it is the AMQP message id
 * @param exchange a durable topic exchange; empty where the routing key is a queue's name, to which it goes by its inlet
 * @param routingKey what receivers bind to, such as {@code order.confirmed}
 * @param orderingKey events of equal keys are sent in the order in which they were added, others in any order
 * @param json the body
 */
public record OutgoingEvent(UUID id, String exchange, String routingKey, String orderingKey, String json) {}
