package org.vitrina.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Deadline;

/**
 * Sends messages and waits for the broker's confirms, over a connection of its own, on a thread of its own, which may
 * block: no event loop ever waits for the broker. After a failure, and at its age, the connection is opened anew.
 *
 * <p>A confirm alone says nothing of queues: a broker confirms what nobody took. So what queues of the settings must take is
 * sent as mandatory, and each of those queues is looked at once more after the confirms, since another queue of the same
 * exchange may have taken it alone. The queues are declared over each new connection and every check interval.
 */
public final class ConfirmedPublisher {
    /** Until the next declaration once a queue is known to be missing. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private final BrokerConnections connections;
    private final Topology topology;
    private final Duration checkInterval;
    private final String purpose;
    private final ExecutorService thread;
    private final Set<String> declared = new HashSet<>();
    /** Queues and exchanges that are not there and could not be declared: nothing that they must take is sent. */
    private final Set<String> absent = new HashSet<>();
    /** Message ids by the queue that must have them, of what was sent since the last confirms. */
    private final Map<String, Set<String>> expected = new HashMap<>();

    private final Set<String> withheld = new HashSet<>();
    // message ids; the broker's thread changes these
    private final NavigableMap<Long, String> unconfirmed = new ConcurrentSkipListMap<>();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final Set<String> returned = ConcurrentHashMap.newKeySet();

    private @Nullable Connection connection;
    private @Nullable Channel channel;
    private @Nullable SideChannel side;

    private Deadline age = Deadline.in(Duration.ZERO);
    private Deadline check = Deadline.in(Duration.ZERO);

    /** @param purpose shown in the broker's list of connections */
    public ConfirmedPublisher(BrokerConnections connections, Topology topology, String purpose) {
        this.connections = connections;
        this.topology = topology;
        this.checkInterval = connections.checkInterval();
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
        // between two pieces of work nothing is unconfirmed, and what still came back is known
        forget();
        if (channel == null || !channel.isOpen() || age.passed()) {
            abandon();
            Connection opened = connections.open(purpose);
            connection = opened;
            Channel open = BrokerConnections.channel(opened);
            open.confirmSelect();
            open.addReturnListener(message -> returned.add(id(message.getProperties())));
            open.addConfirmListener(this::settled, (number, all) -> refused.addAll(settled(number, all)));
            channel = open;
            side = new SideChannel(opened);
            age = connections.age();
        } else if (!check.passed()) {
            return;
        }
        check = Deadline.in(checkInterval);
        declared.clear();
        absent.clear();
        for (String exchange : topology.exchanges()) {
            for (String queue : topology.queuesOf(exchange)) {
                require(queue, asked -> topology.declareBound(asked, queue));
            }
        }
    }

    /** What is not there, and cannot be made by what this does, is absent until the next check. */
    private interface Requirement {
        boolean isMet(SideChannel side) throws IOException;
    }

    private boolean require(String what, Requirement requirement) throws IOException {
        SideChannel open = side;
        if (open == null) {
            throw new IOException("the connection was given up");
        }
        boolean met = requirement.isMet(open);
        if (!met) {
            absent.add(what);
        }
        return met;
    }

    /** Within one piece of work always the same: the confirms of another channel would say nothing of what was sent over this. */
    private Channel channel() throws IOException {
        Channel open = channel;
        if (open == null) {
            throw new IOException("the connection was given up");
        }
        return open;
    }

    /** To a queue by its name, which is made with its {@link Topology#inlet inlet} if it is not there. */
    public void toQueue(String queue, BasicProperties properties, byte[] body) throws IOException {
        if (declared.add(queue)) {
            require(queue, asked -> topology.declareInlet(asked, queue));
        }
        send(Topology.inlet(queue), topology.named(queue), Set.of(queue), properties, body);
    }

    /** To an exchange: to all queues that the settings bind to it for this key, or to whoever takes it where there are none. */
    public void toExchange(String exchange, String routingKey, BasicProperties properties, byte[] body)
            throws IOException {
        String key = "exchange " + exchange;
        if (declared.add(key)) {
            require(key, asked -> topology.declareExchange(asked, exchange));
        }
        if (absent.contains(key)) {
            withheld.add(id(properties));
        } else {
            send(exchange, routingKey, topology.takers(exchange, routingKey), properties, body);
        }
    }

    private void send(String exchange, String routingKey, Set<String> takers, BasicProperties properties, byte[] body)
            throws IOException {
        if (Collections.disjoint(takers, absent)) {
            for (String taker : takers) {
                expected.computeIfAbsent(taker, first -> new HashSet<>()).add(id(properties));
            }
            publish(topology.named(exchange), routingKey, !takers.isEmpty(), properties, body);
        } else {
            withheld.add(id(properties));
        }
    }

    private void publish(String exchange, String routingKey, boolean mandatory, BasicProperties properties, byte[] body)
            throws IOException {
        Channel open = channel();
        unconfirmed.put(open.getNextPublishSeqNo(), id(properties));
        open.basicPublish(exchange, routingKey, mandatory, properties, body);
    }

    private List<String> settled(long number, boolean all) {
        var settled = all ? unconfirmed.headMap(number, true) : unconfirmed.subMap(number, true, number, true);
        List<String> ids = List.copyOf(settled.values());
        settled.clear();
        return ids;
    }

    private static String id(BasicProperties properties) {
        return String.valueOf(properties.getMessageId());
    }

    /**
     * Waits until the broker has answered to everything that was sent; fails where it has not.
     *
     * @return the message ids of what the broker, or a queue that must have it, does not have: to be sent again later
     */
    public Set<String> awaitConfirms(long millis) throws IOException, TimeoutException, InterruptedException {
        boolean all = channel().waitForConfirms(Math.max(1, millis));
        Set<String> missed = new HashSet<>(returned);
        if (!all) {
            // Qpid refuses what it returns, and returns it a moment later
            missed.addAll(refused);
        }
        for (Map.Entry<String, Set<String>> taker : expected.entrySet()) {
            String queue = taker.getKey();
            if (!require(queue, asked -> topology.isThere(asked, queue))) {
                missed.addAll(taker.getValue());
            }
        }
        if (!missed.isEmpty()) {
            check = check.within(SOON);
        }
        missed.addAll(withheld);
        forget();
        return missed;
    }

    private void forget() {
        unconfirmed.clear();
        refused.clear();
        returned.clear();
        expected.clear();
        withheld.clear();
    }

    /** Gives the connection up: what was sent over it and not confirmed is sent again over another. */
    public void abandon() {
        forget();
        channel = null;
        side = null;
        BrokerConnections.abort(connection);
        connection = null;
    }

    public void close() {
        thread.execute(this::abandon);
        thread.shutdown();
    }
}
