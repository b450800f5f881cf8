package org.vitrina.stream;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.vitrina.amqp.BrokerConnections;

/** Sends messages to queues and waits for the broker's confirms, on one thread of its own. */
@Singleton
public class StreamSender {
    private static final int ABORT_MILLIS = 200;
    private static final BasicProperties PERSISTENT = new BasicProperties.Builder()
            .contentType("application/json")
            .deliveryMode(2)
            .build();

    private final BrokerConnections connections;
    private final StreamNames names;
    private final long confirmMillis;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            work -> Thread.ofPlatform().daemon().name("vitrina-sender").unstarted(work));
    private final Set<String> declared = new HashSet<>();
    private final AtomicBoolean returned = new AtomicBoolean();
    private @Nullable Connection connection;
    private @Nullable Channel channel;

    /**
     * A message for a queue.
     *
     * @param queue its name without the prefix of the install; made if it is not there
     * @param body JSON; not to be changed
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Letter(String queue, byte[] body) {}

    StreamSender(BrokerConnections connections, StreamNames names, StreamConfig config) {
        this.connections = connections;
        this.names = names;
        this.confirmMillis = config.confirmTimeout().toMillis();
    }

    /** Completes when the broker has all of them for sure; after a failure it may have any of them. */
    public Uni<Void> send(List<Letter> letters) {
        return Uni.createFrom()
                .<Void>emitter(emitter -> {
                    try {
                        sendNow(letters);
                        emitter.complete(null);
                    } catch (IOException | TimeoutException | RuntimeException e) {
                        abandon();
                        emitter.fail(e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        emitter.fail(e);
                    }
                })
                .runSubscriptionOn(thread);
    }

    private void sendNow(List<Letter> letters) throws IOException, TimeoutException, InterruptedException {
        Channel open = openChannel();
        returned.set(false);
        for (Letter letter : letters) {
            if (declared.add(letter.queue())) {
                names.declareQueue(open, letter.queue());
            }
            open.basicPublish("", names.named(letter.queue()), true, PERSISTENT, letter.body());
        }
        if (!open.waitForConfirms(confirmMillis)) {
            throw new IOException("the broker refused a message");
        }
        if (returned.get()) {
            throw new IOException("no queue took a message");
        }
    }

    private Channel openChannel() throws IOException, TimeoutException {
        Channel open = channel;
        if (open != null && open.isOpen()) {
            return open;
        }
        abandon();
        Connection fresh = connections.open("sender");
        connection = fresh;
        open = fresh.createChannel();
        if (open == null) {
            throw new IOException("the broker allows no further channel");
        }
        open.confirmSelect();
        open.addReturnListener(message -> returned.set(true));
        channel = open;
        return open;
    }

    private void abandon() {
        declared.clear();
        channel = null;
        if (connection != null) {
            connection.abort(ABORT_MILLIS);
            connection = null;
        }
    }

    @PreDestroy
    void close() {
        thread.execute(this::abandon);
        thread.shutdown();
    }
}
