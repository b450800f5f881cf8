package org.vitrina.stream;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.vitrina.amqp.BrokerConnections;
import org.vitrina.core.Deadline;

/**
 * Sends answers to the queues that clients named, by the default exchange, which leads to every queue: so only to names that no
 * queue of ours has. A client that is gone is none of our business: what no queue takes is counted and dropped, nothing is
 * confirmed or sent again, and whatever happens here ends neither the reading nor what is sent to all.
 */
final class Replies {
    private static final Logger LOG = Logger.getLogger(Replies.class);
    /** Queues that a broker named, and those of clients that choose a name. */
    private static final Pattern ALLOWED = Pattern.compile("(amq\\.gen-|client\\.)[A-Za-z0-9._=-]{1,200}");

    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final BasicProperties PASSING = new BasicProperties.Builder()
            .contentType("application/json")
            .deliveryMode(1)
            .build();

    private final Connection connection;
    private final StreamMeters meters;
    private @Nullable Channel channel;
    /** After the broker closed the channel none is opened, so that a missing right costs no round trip for each message. */
    private Deadline pause = Deadline.in(Duration.ZERO);

    /** @param connection that of the answers; the channel is its own */
    Replies(Connection connection, StreamMeters meters) {
        this.connection = connection;
        this.meters = meters;
    }

    static boolean isAllowed(String queue) {
        return ALLOWED.matcher(queue).matches();
    }

    void send(MessageOutcome.Reply reply, byte[] body) {
        if (!isAllowed(reply.queue())) {
            meters.replyRefused.increment();
            return;
        }
        try {
            Channel open = channel();
            if (open == null) {
                meters.replyRefused.increment();
                return;
            }
            open.basicPublish(
                    "",
                    reply.queue(),
                    true,
                    PASSING.builder().correlationId(reply.correlationId()).build(),
                    body);
            meters.replied.increment();
        } catch (IOException | AlreadyClosedException e) {
            meters.replyRefused.increment();
            LOG.debugf(e, "a reply to %s cannot be sent", reply.queue());
        }
    }

    private @Nullable Channel channel() throws IOException {
        Channel open = channel;
        if (open != null && open.isOpen()) {
            return open;
        }
        if (open != null) {
            channel = null;
            pause = Deadline.in(PAUSE);
            LOG.warnf("Clients that name a queue for their answers get none for %s: %s", PAUSE, open.getCloseReason());
        }
        if (!pause.passed()) {
            return null;
        }
        Channel fresh = BrokerConnections.channel(connection);
        fresh.addReturnListener(gone -> meters.replyGone.increment());
        channel = fresh;
        return fresh;
    }
}
