/** The broker (AMQP 0-9-1, RabbitMQ) as messaging and streams share it: its settings, connections, exchanges and queues. */
@NullMarked
package org.vitrina.amqp;

import org.jspecify.annotations.NullMarked;
