package org.vitrina.amqp;

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
    private static final String INLET = ".in";
    private static final String FAN_OUT = "fanout";

    private final String prefix;
    private final Map<String, BrokerConfig.QueueConfig> queues;

    public Topology(BrokerConfig config) {
        this.prefix = config.prefix().orElse("");
        this.queues = config.queues();
    }

    /** The name that the broker knows. */
    public String named(String name) {
        return prefix + name;
    }

    public static String deadLetters(String queue) {
        return queue + DEAD;
    }

    /**
     * The exchange that leads to this queue alone, for who sends to a queue by its name: who may write the default exchange
     * may write every queue.
     */
    public static String inlet(String queue) {
        return queue + INLET;
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

    /** True once the exchange is there, made now or, in whatever form, by somebody else. */
    boolean declareExchange(SideChannel side, String exchange) throws IOException {
        BrokerConfig.ExchangeType type = bound(exchange)
                .findFirst()
                .map(queue -> queue.getValue().exchangeType())
                .orElse(BrokerConfig.ExchangeType.TOPIC);
        return declareExchange(side, exchange, type.name().toLowerCase(Locale.ROOT));
    }

    private boolean declareExchange(SideChannel side, String exchange, String type) throws IOException {
        return side.allows(channel -> channel.exchangeDeclare(named(exchange), type, true))
                || side.allows(channel -> channel.exchangeDeclarePassive(named(exchange)));
    }

    /** A queue, with its exchange and its bindings where the settings have it; true once all of it is there. */
    boolean declareBound(SideChannel side, String queue) throws IOException {
        BrokerConfig.QueueConfig config = queues.get(queue);
        boolean there = declareQueue(side, queue);
        return config == null
                ? there
                : there
                        && declareExchange(side, config.exchange())
                        && bind(side, queue, config.exchange(), config.routingKeys());
    }

    private boolean bind(SideChannel side, String queue, String exchange, List<String> keys) throws IOException {
        return side.allows(channel -> {
            for (String key : keys) {
                channel.queueBind(named(queue), named(exchange), key);
            }
        });
    }

    /** A queue that is sent to by its name, with its inlet; true once all of it is there. */
    public boolean declareInlet(SideChannel side, String queue) throws IOException {
        String inlet = inlet(queue);
        return declareQueue(side, queue)
                && declareExchange(side, inlet, FAN_OUT)
                && bind(side, queue, inlet, List.of(""));
    }

    /** True once the queue is there: one that somebody made with arguments of his own cannot be declared, and serves as well. */
    public boolean declareQueue(SideChannel side, String queue) throws IOException {
        return side.allows(channel -> channel.queueDeclare(named(queue), true, false, false, Map.of()))
                || isThere(side, queue);
    }

    /** Whether the queue is there and can be reached. */
    boolean isThere(SideChannel side, String queue) throws IOException {
        return side.allows(channel -> channel.queueDeclarePassive(named(queue)));
    }

    /** A queue to be consumed, with its exchange, its bindings and its dead letters; true once all of it is there. */
    public boolean declareForConsumer(SideChannel side, String queue) throws IOException {
        // the one without the other is of use
        boolean there = declareBound(side, queue);
        return declareInlet(side, deadLetters(queue)) && there;
    }

    /** An exchange that copies each message to all of its queues; true once all of it is there. */
    public boolean declareFanOut(SideChannel side, String exchange, List<String> queues) throws IOException {
        boolean there = declareExchange(side, exchange, FAN_OUT);
        for (String queue : queues) {
            there &= declareQueue(side, queue) && bind(side, queue, exchange, List.of(""));
        }
        return there;
    }
}
