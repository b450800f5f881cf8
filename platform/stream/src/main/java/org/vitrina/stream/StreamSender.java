package org.vitrina.stream;

import com.rabbitmq.client.AMQP.BasicProperties;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import org.vitrina.amqp.BrokerConnections;
import org.vitrina.amqp.ConfirmedPublisher;
import org.vitrina.amqp.Topology;

/** Sends messages to queues and waits for the broker's confirms. */
@Singleton
public class StreamSender {
    private static final BasicProperties PERSISTENT = new BasicProperties.Builder()
            .contentType("application/json")
            .deliveryMode(2)
            .build();

    private final ConfirmedPublisher broker;
    private final long confirmMillis;

    /**
     * A message for a queue.
     *
     * @param queue its name without the prefix of the install; made if it is not there
     * @param body JSON; not to be changed
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Letter(String queue, byte[] body) {}

    StreamSender(BrokerConnections connections, Topology topology, StreamConfig config) {
        this.broker = new ConfirmedPublisher(connections, topology, "sender");
        this.confirmMillis = config.confirmTimeout().toMillis();
    }

    /** Completes when the broker has all of them for sure; after a failure it may have any of them. */
    public Uni<Void> send(List<Letter> letters) {
        return broker.run(() -> {
                    for (Letter letter : letters) {
                        broker.toQueue(letter.queue(), PERSISTENT, letter.body());
                    }
                    if (!broker.awaitConfirms(confirmMillis).isEmpty()) {
                        throw new IOException("a queue is not there");
                    }
                    return true;
                })
                .replaceWithVoid();
    }

    @PreDestroy
    void close() {
        broker.close();
    }
}
