package org.vitrina.stream;

import com.rabbitmq.client.Channel;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Map;
import org.vitrina.amqp.BrokerConfig;

/** Exchanges and queues by the names that the broker knows; durable and without arguments, so that any client may declare them again. */
@Singleton
class StreamNames {
    private static final String DEAD = ".dlq";

    private final String prefix;

    StreamNames(BrokerConfig config) {
        this.prefix = config.prefix().orElse("");
    }

    String named(String name) {
        return prefix + name;
    }

    static String deadLetters(String queue) {
        return queue + DEAD;
    }

    void declareQueue(Channel channel, String queue) throws IOException {
        channel.queueDeclare(named(queue), true, false, false, Map.of());
    }

    void declare(Channel channel, FanOutExchange fanOut) throws IOException {
        channel.exchangeDeclare(named(fanOut.exchange()), "fanout", true);
        for (String queue : fanOut.queues()) {
            declareQueue(channel, queue);
            channel.queueBind(named(queue), named(fanOut.exchange()), "");
        }
    }
}
