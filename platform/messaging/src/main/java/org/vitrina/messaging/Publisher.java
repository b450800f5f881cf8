package org.vitrina.messaging;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.vitrina.amqp.BrokerConnections;
import org.vitrina.amqp.Topology;
import org.vitrina.core.Deadline;

/**
 * Sends events to the broker and waits for its confirms, on one thread of its own, which may block: no event loop ever
 * waits for the broker. Everything here but the two public steps runs on that thread.
 */
@Singleton
class Publisher {
    private static final String JSON = "application/json";
    private static final int PERSISTENT = 2;
    private static final int ABORT_MILLIS = 200;

    private final BrokerConnections connections;
    private final Topology topology;
    private final MessagingCrashPoints points;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            work -> Thread.ofPlatform().daemon().name("vitrina-publisher").unstarted(work));
    private @Nullable Connection connection;
    private @Nullable Channel channel;
    private final Set<String> declared = new HashSet<>();
    /** Ids of events that no queue took; the broker's thread adds to it. */
    private final Set<String> returned = ConcurrentHashMap.newKeySet();

    /**
     * What became of a batch.
     *
     * @param confirmed positions of the events that the broker has for sure
     * @param failure why the others are not among them, null if there are none
     */
    record Sent(Set<Long> confirmed, @Nullable Throwable failure) {}

    Publisher(BrokerConnections connections, Topology topology, MessagingCrashPoints points) {
        this.connections = connections;
        this.topology = topology;
        this.points = points;
    }

    /** Completes when there is a connection; fails when the broker is away. */
    Uni<Void> connect() {
        return onThread(this::openChannel).replaceWithVoid();
    }

    /** Sends the batch; events of equal ordering keys one after the other, each once the one before is confirmed. */
    Uni<Sent> publish(List<OutboxRow> batch, Deadline until) {
        return onThread(() -> publishNow(batch, until));
    }

    private interface Work<T> {
        T run() throws IOException, TimeoutException;
    }

    private <T> Uni<T> onThread(Work<T> work) {
        return Uni.createFrom()
                .<T>emitter(emitter -> {
                    try {
                        emitter.complete(work.run());
                    } catch (IOException | TimeoutException | RuntimeException e) {
                        abandon();
                        emitter.fail(e);
                    }
                })
                .runSubscriptionOn(thread);
    }

    private Channel openChannel() throws IOException, TimeoutException {
        if (channel != null && channel.isOpen()) {
            return channel;
        }
        abandon();
        connection = connections.open("outbox");
        Channel opened = connection.createChannel();
        if (opened == null) {
            throw new IOException("the broker allows no further channel");
        }
        opened.confirmSelect();
        opened.addReturnListener(message -> returned.add(message.getProperties().getMessageId()));
        channel = opened;
        return opened;
    }

    private Sent publishNow(List<OutboxRow> batch, Deadline until) throws IOException, TimeoutException {
        Set<Long> confirmed = new HashSet<>();
        try {
            Channel open = openChannel();
            for (List<OutboxRow> wave : waves(batch)) {
                confirmed.addAll(publishWave(open, wave, until));
            }
            return new Sent(confirmed, null);
        } catch (IOException | TimeoutException | RuntimeException e) {
            abandon();
            return new Sent(confirmed, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Sent(confirmed, e);
        }
    }

    private List<Long> publishWave(Channel open, List<OutboxRow> wave, Deadline until)
            throws IOException, TimeoutException, InterruptedException {
        points.beforePublish();
        returned.clear();
        for (OutboxRow event : wave) {
            declare(open, event);
            // to a queue by name: it must be there; an exchange may have nobody who wants this event
            boolean mandatory = event.exchange().isEmpty();
            open.basicPublish(
                    topology.named(event.exchange()),
                    mandatory ? topology.named(event.routingKey()) : event.routingKey(),
                    mandatory,
                    properties(event),
                    event.body().getBytes());
        }
        points.afterPublish();
        if (!open.waitForConfirms(Math.max(1, until.remainingMillis()))) {
            throw new IOException("the broker refused an event");
        }
        points.afterConfirm();
        if (!returned.isEmpty()) {
            declared.clear();
            throw new IOException("no queue took " + returned.size() + " events");
        }
        return wave.stream().map(OutboxRow::position).toList();
    }

    private void declare(Channel open, OutboxRow event) throws IOException {
        if (event.exchange().isEmpty()) {
            if (declared.add("queue " + event.routingKey())) {
                topology.declareQueue(open, event.routingKey());
            }
        } else if (declared.add("exchange " + event.exchange())) {
            topology.declareExchange(open, event.exchange());
        }
    }

    private static BasicProperties properties(OutboxRow event) {
        return new BasicProperties.Builder()
                .contentType(JSON)
                .deliveryMode(PERSISTENT)
                .messageId(event.id().toString())
                .type(event.routingKey())
                .headers(event.headers().getMap())
                .build();
    }

    /** The first events of all keys, then the second ones, and so on. */
    private static List<List<OutboxRow>> waves(List<OutboxRow> batch) {
        Map<String, Integer> seen = new HashMap<>();
        List<List<OutboxRow>> waves = new ArrayList<>();
        for (OutboxRow event : batch) {
            int wave = seen.merge(event.orderingKey(), 1, Integer::sum);
            if (waves.size() < wave) {
                waves.add(new ArrayList<>());
            }
            waves.get(wave - 1).add(event);
        }
        return waves;
    }

    /** What was sent over the connection and not confirmed is sent again over another. */
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
