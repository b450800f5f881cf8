package org.vitrina.testing;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.vitrina.servers.BrokerServer;

/** What a test itself sends to the broker and finds there; names are given without the prefix of the run. */
public final class Mailbox {
    private static final long CONFIRM_MILLIS = 60_000;

    private final BrokerServer server;
    private final String prefix;
    /** Kept, since to open one takes longer than what is done over it; a channel lasts for one piece of work. */
    private @Nullable Connection connection;

    /** @param prefix of the names of queues and exchanges; a run's own, so that no old message leaks in */
    public Mailbox(BrokerServer server, String prefix) {
        this.server = server;
        this.prefix = prefix;
    }

    /**
     * A message in a queue.
     *
     * @param headers as text
     */
    public record Letter(String routingKey, @Nullable String messageId, Map<String, String> headers, String body) {}

    /** The name that the broker knows, for a test that speaks to it itself. */
    public String named(String name) {
        return prefix + name;
    }

    /** Sends one message and waits until the broker has it. */
    public void send(String exchange, String routingKey, String messageId, String body) {
        send(exchange, routingKey, messageId, body.getBytes(StandardCharsets.UTF_8), 1);
    }

    /** The same message {@code times} times. */
    public void send(String exchange, String routingKey, @Nullable String messageId, byte[] body, int times) {
        onChannel(channel -> {
            channel.confirmSelect();
            var properties = new BasicProperties.Builder()
                    .contentType("application/json")
                    .deliveryMode(2)
                    .messageId(messageId)
                    .build();
            for (int i = 0; i < times; i++) {
                channel.basicPublish(
                        exchange.isEmpty() ? "" : prefix + exchange,
                        exchange.isEmpty() ? prefix + routingKey : routingKey,
                        properties,
                        body);
            }
            channel.waitForConfirmsOrDie(CONFIRM_MILLIS);
            return times;
        });
    }

    /** Declares the queue as any client may, bound to a topic exchange. */
    public void bind(String queue, String exchange, String routingKey) {
        onChannel(channel -> {
            channel.exchangeDeclare(prefix + exchange, "topic", true);
            channel.queueDeclare(prefix + queue, true, false, false, null);
            channel.queueBind(prefix + queue, prefix + exchange, routingKey);
            return queue;
        });
    }

    /** Takes all messages out of the queue, oldest first. */
    public List<Letter> take(String queue) {
        return onChannel(channel -> {
            List<Letter> all = new ArrayList<>();
            while (true) {
                GetResponse one = channel.basicGet(prefix + queue, true);
                if (one == null) {
                    return all;
                }
                Map<String, String> headers = new TreeMap<>();
                if (one.getProps().getHeaders() != null) {
                    one.getProps().getHeaders().forEach((name, value) -> headers.put(name, String.valueOf(value)));
                }
                all.add(new Letter(
                        one.getEnvelope().getRoutingKey(),
                        one.getProps().getMessageId(),
                        headers,
                        new String(one.getBody(), StandardCharsets.UTF_8)));
            }
        });
    }

    /** Messages that wait in the queue; those given to a consumer and not acknowledged do not count. */
    public long waiting(String queue) {
        return onChannel(channel -> channel.messageCount(prefix + queue));
    }

    /** Consumers of the queue at this moment. */
    public long consumers(String queue) {
        return onChannel(channel -> channel.consumerCount(prefix + queue));
    }

    /** Removes the queue with what is in it. */
    public void delete(String queue) {
        onChannel(channel -> channel.queueDelete(prefix + queue));
    }

    /**
     * Takes the queue's place by one that only this connection may use, so that nobody else can declare it: as if the node
     * that it is on were down. It is gone when the connection is closed.
     */
    public Connection occupy(String queue) {
        try {
            Connection own = server.connect();
            try {
                own.createChannel().queueDelete(prefix + queue);
                own.createChannel().queueDeclare(prefix + queue, false, true, true, null);
                return own;
            } catch (IOException taken) {
                own.abort();
                throw taken;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the broker does not answer", e);
        }
    }

    private interface Work<T> {
        T on(Channel channel) throws IOException, InterruptedException, TimeoutException;
    }

    private <T> T onChannel(Work<T> work) {
        try (Channel channel = channel()) {
            return work.on(channel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the broker does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private synchronized Channel channel() throws IOException, TimeoutException {
        if (connection != null) {
            try {
                return connection.createChannel();
            } catch (IOException | AlreadyClosedException died) {
                // with a broker that was killed
            }
        }
        connection = server.connect();
        return connection.createChannel();
    }
}
