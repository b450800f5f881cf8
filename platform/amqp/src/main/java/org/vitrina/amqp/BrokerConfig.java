package org.vitrina.amqp;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;

/** Where the broker (AMQP 0-9-1, RabbitMQ) is and what it must know. */
@ConfigMapping(prefix = "vitrina.broker")
public interface BrokerConfig {
    /** Whether this install has a broker: without one no connection is opened, no queue read, and events wait in the outbox. */
    @WithDefault("true")
    boolean enabled();

    /**
     * Host of the broker; of several nodes all, commas between, each with a port of its own ({@code host:5673}) where that is
     * another. Any of them is connected to, and the next where that one is away.
     */
    @WithDefault("127.0.0.1")
    @NotEmpty
    String host();

    /** Its AMQP port. */
    @WithDefault("5672")
    @Min(1)
    @Max(65535)
    int port();

    /** As whom to log in. */
    @WithDefault("guest")
    String username();

    /** What to log in with. */
    @WithDefault("guest")
    String password();

    /** The virtual host that the exchanges and queues are in. */
    @WithDefault("/")
    String virtualHost();

    /** Whether the connection is encrypted; the broker's certificate must name its host and come from an authority that is trusted. */
    @WithDefault("false")
    boolean tls();

    /** With tls: a file with the certificates (PEM) of the authorities that are trusted; those that Java trusts without it. */
    Optional<String> caFile();

    /** Put before the name of every exchange and queue, so that several installs can share a broker. */
    Optional<String> prefix();

    /** How long opening a connection may take, its handshake included. */
    @WithDefault("3s")
    @DurationMin(millis = 1)
    Duration connectTimeout();

    /** A connection over which nothing came for twice as long is dead; whole seconds. */
    @WithDefault("5s")
    @DurationMin(seconds = 1)
    Duration heartbeat();

    /**
     * A connection is replaced after so long, give or take a fifth, and not before what is under way over it is settled:
     * so that a node that joined the broker, or came back to it, gets its share.
     */
    @WithDefault("5m")
    @DurationMin(millis = 100)
    Duration connectionAge();

    /** The longest pause between two tries to reach a broker that is away; the first is a tenth of a second. */
    @WithDefault("5s")
    @DurationMin(millis = 100)
    Duration longestPause();

    /**
     * How often whoever sends or receives looks whether the queues that must be there are, with their bindings, and makes
     * again what is not: what was sent meanwhile waits.
     */
    @WithDefault("10s")
    @DurationMin(millis = 100)
    Duration checkInterval();

    /**
     * Queues by name that must take what is sent to their exchange under their keys. They are declared by whoever connects
     * first, sender or receiver, so that no event is dropped because its receiver has never run yet.
     */
    Map<String, QueueConfig> queues();

    interface QueueConfig {
        /** The exchange that the queue is bound to. */
        @NotEmpty
        String exchange();

        /** How that exchange deals out: {@code topic}, or {@code fanout}, which looks at no routing key. */
        @WithDefault("topic")
        ExchangeType exchangeType();

        /** What it takes from there; {@code #}: everything. */
        @NotEmpty
        List<String> routingKeys();
    }

    /** The types of exchanges in use. */
    enum ExchangeType {
        TOPIC,
        FANOUT
    }
}
