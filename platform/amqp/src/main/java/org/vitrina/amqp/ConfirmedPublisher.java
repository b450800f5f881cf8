package org.vitrina.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Deadline;

/**
 * Sends messages and waits for the broker's confirms, over a connection of its own, on a thread of its own, which may
 * block: no event loop ever waits for the broker. After a failure, and at its age, the connection is opened anew.
 */
public final class ConfirmedPublisher {
    private final BrokerConnections connections;
    private final Topology topology;
    private final String purpose;
    private final ExecutorService thread;
    private final Set<String> declared = new HashSet<>();
    /** Messages that no queue took; the broker's thread counts. */
    private final AtomicInteger returned = new AtomicInteger();

    private @Nullable Connection connection;
    private @Nullable Channel channel;
    private Deadline age = Deadline.in(Duration.ZERO);

    /** @param purpose shown in the broker's list of connections */
    public ConfirmedPublisher(BrokerConnections connections, Topology topology, String purpose) {
        this.connections = connections;
        this.topology = topology;
        this.purpose = purpose;
        this.thread = Executors.newSingleThreadExecutor(
                work -> Thread.ofPlatform().daemon().name("vitrina-" + purpose).unstarted(work));
    }

    /** Work on the thread; the other methods are for it alone. */
    public interface Work<T extends @Nullable Object> {
        T run() throws IOException, TimeoutException, InterruptedException;
    }

    /** Does the work once there is a connection; fails when the broker is away. */
    public <T extends @Nullable Object> Uni<T> run(Work<T> work) {
        return Uni.createFrom()
                .<T>emitter(emitter -> {
                    try {
                        open();
                        emitter.complete(work.run());
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

    private void open() throws IOException, TimeoutException {
        // between two pieces of work nothing is unconfirmed
        if (channel != null && channel.isOpen() && !age.passed()) {
            return;
        }
        abandon();
        Connection opened = connections.open(purpose);
        connection = opened;
        Channel open = BrokerConnections.channel(opened);
        open.confirmSelect();
        open.addReturnListener(message -> returned.incrementAndGet());
        channel = open;
        age = connections.age();
    }

    /** Within one piece of work always the same: the confirms of another channel would say nothing of what was sent over this. */
    private Channel channel() throws IOException {
        Channel open = channel;
        if (open == null) {
            throw new IOException("the connection was given up");
        }
        return open;
    }

    /** To a queue by its name, which is made if it is not there. */
    public void toQueue(String queue, BasicProperties properties, byte[] body) throws IOException {
        Channel open = channel();
        if (declared.add("queue " + queue)) {
            topology.declareQueue(open, queue);
        }
        open.basicPublish("", topology.named(queue), true, properties, body);
    }

    /** To an exchange, which may have no queue that takes the message. */
    public void toExchange(String exchange, String routingKey, BasicProperties properties, byte[] body)
            throws IOException {
        Channel open = channel();
        if (declared.add("exchange " + exchange)) {
            topology.declareExchange(open, exchange);
        }
        open.basicPublish(topology.named(exchange), routingKey, false, properties, body);
    }

    /** Waits until the broker has everything that was sent; fails where it has not, or where a queue was missing. */
    public void awaitConfirms(long millis) throws IOException, TimeoutException, InterruptedException {
        if (!channel().waitForConfirms(Math.max(1, millis))) {
            throw new IOException("the broker refused a message");
        }
        int missed = returned.getAndSet(0);
        if (missed > 0) {
            declared.clear();
            throw new IOException("no queue took " + missed + " messages");
        }
    }

    /** Gives the connection up: what was sent over it and not confirmed is sent again over another. */
    public void abandon() {
        declared.clear();
        returned.set(0);
        channel = null;
        BrokerConnections.abort(connection);
        connection = null;
    }

    public void close() {
        thread.execute(this::abandon);
        thread.shutdown();
    }
}
