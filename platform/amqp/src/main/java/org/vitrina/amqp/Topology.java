package org.vitrina.amqp;

import com.rabbitmq.client.Channel;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Exchanges, queues and their names: durable and without arguments, so that any client may declare them again. */
@Singleton
public class Topology {
    private static final String DEAD = ".dlq";

    private final String prefix;
    private final Map<String, BrokerConfig.QueueConfig> queues;

    public Topology(BrokerConfig config) {
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

    /** The exchanges that queues of the settings are bound to. */
    Set<String> exchanges() {
        return queues.values().stream().map(BrokerConfig.QueueConfig::exchange).collect(Collectors.toSet());
    }

    /** The queues of the settings that are bound to the exchange. */
    Set<String> queuesOf(String exchange) {
        return bound(exchange).map(Map.Entry::getKey).collect(Collectors.toSet());
    }

    private Stream<Map.Entry<String, BrokerConfig.QueueConfig>> bound(String exchange) {
        return queues.entrySet().stream()
                .filter(queue -> queue.getValue().exchange().equals(exchange));
    }

    /** The queues that must take what is sent to the exchange under the key; none: anybody may take it, or nobody. */
    Set<String> takers(String exchange, String routingKey) {
        return bound(exchange)
                .filter(queue -> takes(queue.getValue(), routingKey))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static boolean takes(BrokerConfig.QueueConfig queue, String routingKey) {
        return queue.exchangeType() == BrokerConfig.ExchangeType.FANOUT
                || queue.routingKeys().stream().anyMatch(pattern -> RoutingPattern.matches(pattern, routingKey));
    }

    void declareExchange(Channel channel, String exchange) throws IOException {
        BrokerConfig.ExchangeType type = bound(exchange)
                .findFirst()
                .map(queue -> queue.getValue().exchangeType())
                .orElse(BrokerConfig.ExchangeType.TOPIC);
        channel.exchangeDeclare(named(exchange), type.name().toLowerCase(Locale.ROOT), true);
    }

    /** A queue, with its exchange and its bindings where the settings have it. */
    void declareBound(Channel channel, String queue) throws IOException {
        declareQueue(channel, queue);
        BrokerConfig.QueueConfig config = queues.get(queue);
        if (config != null) {
            declareExchange(channel, config.exchange());
            for (String key : config.routingKeys()) {
                channel.queueBind(named(queue), named(config.exchange()), key);
            }
        }
    }

    public void declareQueue(Channel channel, String queue) throws IOException {
        channel.queueDeclare(named(queue), true, false, false, Map.of());
    }

    /** Fails, and closes the channel, where the queue is not there or cannot be reached. */
    void requireQueue(Channel channel, String queue) throws IOException {
        channel.queueDeclarePassive(named(queue));
    }

    /** A queue to be consumed, with its exchange, its bindings and its dead letters. */
    public void declareForConsumer(Channel channel, String queue) throws IOException {
        declareBound(channel, queue);
        declareQueue(channel, deadLetters(queue));
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
