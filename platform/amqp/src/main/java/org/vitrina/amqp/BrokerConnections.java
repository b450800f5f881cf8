package org.vitrina.amqp;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Deadline;
import org.vitrina.core.Jitter;
import org.vitrina.core.TrustedAuthorities;

/**
 * Opens connections to the broker: one for sending and one for each queue, since a broker short of memory stops reading
 * from senders, and acknowledgements must still get through.
 */
@Singleton
public class BrokerConnections {
    private static final int ABORT_MILLIS = 200;

    private final BrokerConfig config;
    private final String application;
    private final @Nullable SSLContext tls;

    public BrokerConnections(
            BrokerConfig config,
            @ConfigProperty(name = "quarkus.application.name", defaultValue = "vitrina") String application) {
        this.config = config;
        this.application = application;
        this.tls = config.tls()
                ? TrustedAuthorities.of("vitrina.broker.ca-file", config.caFile())
                        .context()
                : null;
    }

    /**
     * Blocks for at most the connect timeout, for each node of the broker that is away.
     *
     * @param purpose shown in the broker's list of connections
     */
    public Connection open(String purpose) throws IOException, TimeoutException {
        var factory = new ConnectionFactory();
        factory.setUsername(config.username());
        factory.setPassword(config.password());
        factory.setVirtualHost(config.virtualHost());
        int limit = Math.toIntExact(config.connectTimeout().toMillis());
        factory.setConnectionTimeout(limit);
        factory.setHandshakeTimeout(limit);
        factory.setChannelRpcTimeout(limit);
        factory.setShutdownTimeout(limit);
        factory.setRequestedHeartbeat(Math.toIntExact(config.heartbeat().toSeconds()));
        // A recovered channel would take acknowledgements of deliveries that were another channel's (ADR 0021).
        factory.setAutomaticRecoveryEnabled(false);
        factory.setTopologyRecoveryEnabled(false);
        factory.setThreadFactory(work ->
                Thread.ofPlatform().daemon().name("vitrina-broker-" + purpose).unstarted(work));
        if (tls != null) {
            factory.useSslProtocol(tls);
            factory.enableHostnameVerification();
        }
        return factory.newConnection(nodes(), application + " (" + purpose + ")");
    }

    /** In any order, so that each gets its share. */
    private List<Address> nodes() {
        List<Address> nodes = new ArrayList<>();
        for (String host : config.host().split(",", -1)) {
            Address node = Address.parseAddress(host.strip());
            nodes.add(node.getPort() < 0 ? new Address(node.getHost(), config.port()) : node);
        }
        Collections.shuffle(nodes);
        return nodes;
    }

    /** When a connection opened now is to be replaced; not all at one moment. */
    public Deadline age() {
        return Deadline.in(Jitter.aFifthAround(config.connectionAge()));
    }

    /** How often queues that must be there are looked at. */
    public Duration checkInterval() {
        return config.checkInterval();
    }

    /** Whether the broker answered, and refused what was asked: that channel is closed, the connection is not. */
    static boolean isRefusal(IOException failure) {
        return failure.getCause() instanceof ShutdownSignalException closed && !closed.isHardError();
    }

    /** A channel of the connection. */
    public static Channel channel(Connection connection) throws IOException {
        Channel channel = connection.createChannel();
        if (channel == null) {
            throw new IOException("the broker allows no further channel");
        }
        return channel;
    }

    /** Ends the connection without waiting for the broker; what was taken over it and not acknowledged comes again. */
    public static void abort(@Nullable Connection connection) {
        if (connection != null) {
            connection.abort(ABORT_MILLIS);
        }
    }
}
