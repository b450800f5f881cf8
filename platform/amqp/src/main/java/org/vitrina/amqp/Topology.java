package org.vitrina.amqp;

import com.rabbitmq.client.Channel;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

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
    List<String> queuesOf(String exchange) {
        return queues.entrySet().stream()
                .filter(queue -> queue.getValue().exchange().equals(exchange))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The queues that must take what is sent to the exchange under the key; none: anybody may take it, or nobody. */
    Set<String> takers(String exchange, String routingKey) {
        return queuesOf(exchange).stream()
                .filter(queue -> takes(queues.get(queue), routingKey))
                .collect(Collectors.toSet());
    }

    private static boolean takes(BrokerConfig.QueueConfig queue, String routingKey) {
        return queue.exchangeType() == BrokerConfig.ExchangeType.FANOUT
                || queue.routingKeys().stream().anyMatch(pattern -> RoutingPattern.matches(pattern, routingKey));
    }

    void declareExchange(Channel channel, String exchange) throws IOException {
        BrokerConfig.ExchangeType type = queuesOf(exchange).stream()
                .findFirst()
                .map(queue -> queues.get(queue).exchangeType())
                .orElse(BrokerConfig.ExchangeType.TOPIC);
        channel.exchangeDeclare(named(exchange), type.name().toLowerCase(Locale.ROOT), true);
    }

    /** A queue of the settings with its exchange and its bindings. */
    void declareBound(Channel channel, String queue) throws IOException {
        BrokerConfig.QueueConfig config = queues.get(queue);
        declareExchange(channel, config.exchange());
        declareQueue(channel, queue);
        for (String key : config.routingKeys()) {
            channel.queueBind(named(queue), named(config.exchange()), key);
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
        declareQueue(channel, queue);
        declareQueue(channel, deadLetters(queue));
        if (queues.containsKey(queue)) {
            declareBound(channel, queue);
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
