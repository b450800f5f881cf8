package org.vitrina.amqp;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A channel for what the broker may refuse, which closes the channel that it was asked over: beside one over which messages
 * come or go, and opened anew after a refusal. For one thread at a time.
 */
public final class SideChannel {
    private final Connection connection;
    private @Nullable Channel channel;

    public SideChannel(Connection connection) {
        this.connection = connection;
    }

    /** What the broker is asked. */
    interface Question {
        void over(Channel channel) throws IOException;
    }

    /** False where the broker refuses; fails where it does not answer, or ends the connection instead. */
    boolean allows(Question question) throws IOException {
        Channel open = channel;
        if (open == null || !open.isOpen()) {
            open = BrokerConnections.channel(connection);
            channel = open;
        }
        try {
            question.over(open);
            return true;
        } catch (IOException e) {
            if (!BrokerConnections.isRefusal(e)) {
                throw e;
            }
            return false;
        }
    }
}
