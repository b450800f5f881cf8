package org.vitrina.amqp;

import com.rabbitmq.client.Channel;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Exchanges, queues and their names: durable and without arguments, so that any client may declare them again. */
@Singleton
public class Topology {
    private static final String DEAD = ".dlq";

    private final String prefix;
    private final Map<String, BrokerConfig.QueueConfig> queues;

    Topology(BrokerConfig config) {
        this.prefix = config.prefix().orElse("");
        this.queues = config.queues();
    }

    /** The name that the broker knows; the default exchange has none. */
    public String named(String name) {
        return name.isEmpty() ? name : prefix + name;
    }

    public static String deadLetters(String queue) {
        return queue + DEAD;
    }

    public void declareExchange(Channel channel, String exchange) throws IOException {
        Map<String, BrokerConfig.QueueConfig> bound = queues.entrySet().stream()
                .filter(queue -> queue.getValue().exchange().equals(exchange))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        channel.exchangeDeclare(named(exchange), type(bound.values()), true);
        for (var queue : bound.entrySet()) {
            declareQueue(channel, queue.getKey());
            for (String key : queue.getValue().routingKeys()) {
                channel.queueBind(named(queue.getKey()), named(exchange), key);
            }
        }
    }

    private static String type(Collection<BrokerConfig.QueueConfig> bound) {
        return bound.stream()
                .findFirst()
                .map(BrokerConfig.QueueConfig::exchangeType)
                .orElse(BrokerConfig.ExchangeType.TOPIC)
                .name()
                .toLowerCase(Locale.ROOT);
    }

    public void declareQueue(Channel channel, String queue) throws IOException {
        channel.queueDeclare(named(queue), true, false, false, Map.of());
    }

    /** A queue to be consumed, with its exchange, its bindings and its dead letters. */
    public void declareForConsumer(Channel channel, String queue) throws IOException {
        declareQueue(channel, queue);
        declareQueue(channel, deadLetters(queue));
        BrokerConfig.QueueConfig config = queues.get(queue);
        if (config != null) {
            declareExchange(channel, config.exchange());
        }
    }

    /** An exchange that copies each message to all of its queues. */
    public void declareFanOut(Channel channel, String exchange, List<String> queues) throws IOException {
        channel.exchangeDeclare(named(exchange), "fanout", true);
        for (String queue : queues) {
            declareQueue(channel, queue);
            channel.queueBind(named(queue), named(exchange), "");
        }
    }
}
