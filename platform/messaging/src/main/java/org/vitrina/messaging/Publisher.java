package org.vitrina.messaging;

import com.rabbitmq.client.AMQP.BasicProperties;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.vitrina.amqp.BrokerConnections;
import org.vitrina.amqp.ConfirmedPublisher;
import org.vitrina.amqp.DeadLetterHeaders;
import org.vitrina.amqp.Topology;
import org.vitrina.core.Deadline;
import org.vitrina.runtime.trace.TraceSpan;
import org.vitrina.runtime.trace.Traces;

/** Sends events to the broker, in waves, so that each follows the one before it of the same key. */
@Singleton
class Publisher {
    private static final String JSON = "application/json";
    private static final int PERSISTENT = 2;

    private final ConfirmedPublisher broker;
    private final MessagingCrashPoints points;
    private final Traces traces;

    /**
     * What became of a batch.
     *
     * @param confirmed positions of the events that the broker, and each queue that must take them, has for sure
     * @param untaken routes of events that such a queue does not have: those wait, and what follows on them
     * @param failure why nothing is known of the others, null if there are none
     */
    record Sent(Set<Long> confirmed, Set<String> untaken, @Nullable Throwable failure) {}

    Publisher(BrokerConnections connections, Topology topology, MessagingCrashPoints points, Traces traces) {
        this.broker = new ConfirmedPublisher(connections, topology, "outbox");
        this.points = points;
        this.traces = traces;
    }

    /** Completes when there is a connection; fails when the broker is away. */
    Uni<Void> connect() {
        return broker.run(() -> true).replaceWithVoid();
    }

    /**
     * Sends the batch; events of equal ordering keys one after the other, each once the one before is confirmed.
     *
     * @param until when the batch is not the sender's any more: nothing is sent after that
     */
    Uni<Sent> publish(List<OutboxRow> batch, Deadline until) {
        return broker.run(() -> publishNow(batch, until))
                .onFailure()
                .recoverWithItem(failure -> new Sent(Set.of(), Set.of(), failure));
    }

    private Sent publishNow(List<OutboxRow> batch, Deadline until) {
        Set<Long> confirmed = new HashSet<>();
        Set<String> untaken = new HashSet<>();
        Set<String> heldUp = new HashSet<>();
        try {
            for (List<OutboxRow> wave : waves(batch)) {
                List<OutboxRow> free = wave.stream()
                        .filter(event -> !heldUp.contains(event.orderingKey()))
                        .toList();
                Set<String> missed = free.isEmpty() ? Set.of() : publishWave(free, until);
                for (OutboxRow event : free) {
                    if (missed.contains(event.id().toString())) {
                        heldUp.add(event.orderingKey());
                        untaken.add(event.route());
                    } else {
                        confirmed.add(event.position());
                    }
                }
            }
            return new Sent(confirmed, untaken, null);
        } catch (IOException | TimeoutException | RuntimeException e) {
            broker.abandon();
            return new Sent(confirmed, untaken, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Sent(confirmed, untaken, e);
        }
    }

    private Set<String> publishWave(List<OutboxRow> wave, Deadline until)
            throws IOException, TimeoutException, InterruptedException {
        points.beforePublish();
        if (until.passed()) {
            throw new TimeoutException("the lease of these events is over: they are left to whoever takes them next");
        }
        List<TraceSpan> spans = wave.stream().map(this::begin).toList();
        try {
            for (int i = 0; i < wave.size(); i++) {
                send(carrying(wave.get(i), spans.get(i).traceparent()));
            }
            points.afterPublish();
            Set<String> missed = broker.awaitConfirms(until.remainingMillis());
            points.afterConfirm();
            return missed;
        } finally {
            spans.forEach(TraceSpan::end);
        }
    }

    /** From its sending to its confirmation, a part of what it was written for. */
    private TraceSpan begin(OutboxRow event) {
        return traces.join(
                        TraceSpan.Kind.PRODUCER,
                        "send " + event.route(),
                        event.headers().getString(QueueMessage.TRACEPARENT),
                        0)
                .set("messaging.system", "rabbitmq")
                .set("messaging.destination.name", event.exchange())
                .set("messaging.rabbitmq.destination.routing_key", event.routingKey())
                .set("messaging.message.id", event.id().toString())
                .set("vitrina.queue.wait.ms", Math.round(event.age() * 1000));
    }

    private static OutboxRow carrying(OutboxRow event, @Nullable String traceparent) {
        return traceparent == null
                ? event
                : event.with(event.headers().copy().put(QueueMessage.TRACEPARENT, traceparent));
    }

    private void send(OutboxRow event) throws IOException {
        byte[] body = event.body().getBytes();
        if (!event.exchange().isEmpty()) {
            broker.toExchange(event.exchange(), event.routingKey(), properties(event, event.headers()), body);
            return;
        }
        byte[] sent = DeadLetterHeaders.cut(body);
        JsonObject headers = sent.length == body.length
                ? event.headers()
                : event.headers().copy().put(DeadLetterHeaders.SIZE, body.length);
        broker.toQueue(event.routingKey(), properties(event, headers), sent);
    }

    private static BasicProperties properties(OutboxRow event, JsonObject headers) {
        return new BasicProperties.Builder()
                .contentType(JSON)
                .deliveryMode(PERSISTENT)
                .messageId(event.id().toString())
                .type(event.routingKey())
                .headers(headers.getMap())
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

    @PreDestroy
    void close() {
        broker.close();
    }
}
