package org.vitrina.messaging;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.unchecked.Unchecked;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.vitrina.amqp.BrokerConnections;
import org.vitrina.amqp.SideChannel;
import org.vitrina.amqp.Topology;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/**
 * Takes dead letters up again: each is moved from {@code <queue>.dlq} into the service's own table of parked messages, with
 * all its attempts before it. It leaves the broker when it is in the table.
 */
@ApplicationScoped
public class Redrive {

    private final BrokerConnections connections;
    private final Topology topology;
    private final ParkedRepository parked;
    private final MessageAttempt handling;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            work -> Thread.ofPlatform().daemon().name("vitrina-redrive").unstarted(work));

    Redrive(BrokerConnections connections, Topology topology, ParkedRepository parked, MessageAttempt handling) {
        this.connections = connections;
        this.topology = topology;
        this.parked = parked;
        this.handling = handling;
    }

    /** What is open while dead letters are moved. */
    private record Work(Connection connection, Channel channel, String queue, AtomicInteger moved) {}

    /**
     * Moves at most {@code most} dead letters and tells how many it moved. Fails with {@code unavailable} (503) while the
     * broker or the database is away; what was moved by then stays moved, the rest stays where it was.
     */
    public Uni<Integer> redrive(String queue, int most) {
        return onThread(() -> open(queue))
                .chain(work -> next(work, most).eventually(() -> onThread(() -> close(work.connection()))));
    }

    /** The same for several queues, one after the other, with one limit for all. */
    public Uni<Redriven> redrive(List<String> queues, int most) {
        Uni<Integer> moved = Uni.createFrom().item(0);
        for (String queue : queues) {
            moved = moved.chain(before -> redrive(queue, most - before).map(more -> before + more));
        }
        return moved.map(Redriven::new);
    }

    private Work open(String queue) throws IOException, TimeoutException {
        Connection connection = connections.open("redrive");
        try {
            Channel channel = BrokerConnections.channel(connection);
            topology.declareQueue(new SideChannel(connection), Topology.deadLetters(queue));
            return new Work(connection, channel, queue, new AtomicInteger());
        } catch (IOException | RuntimeException e) {
            close(connection);
            throw e;
        }
    }

    /** What was taken and not acknowledged goes back to where it was. */
    private static boolean close(Connection connection) {
        BrokerConnections.abort(connection);
        return true;
    }

    private Uni<Integer> next(Work work, int most) {
        if (work.moved().get() >= most) {
            return Uni.createFrom().item(work.moved().get());
        }
        return this.<@Nullable GetResponse>onThread(
                        () -> work.channel().basicGet(topology.named(Topology.deadLetters(work.queue())), false))
                .chain(letter -> letter == null
                        ? Uni.createFrom().item(work.moved().get())
                        : move(work, letter).chain(() -> next(work, most)));
    }

    private Uni<Void> move(Work work, GetResponse letter) {
        QueueMessage message = DeadLetter.original(work.queue(), letter);
        return handling.onContextOfItsOwn(() -> parked.park(message, 0, "redriven", Duration.ZERO.toMillis()))
                .chain(() -> onThread(() -> {
                    work.channel().basicAck(letter.getEnvelope().getDeliveryTag(), false);
                    return work.moved().incrementAndGet();
                }))
                .replaceWithVoid();
    }

    private interface Step<T extends @Nullable Object> {
        T run() throws IOException, TimeoutException;
    }

    private <T extends @Nullable Object> Uni<T> onThread(Step<T> step) {
        return Uni.createFrom()
                .item(Unchecked.supplier(step::run))
                .runSubscriptionOn(thread)
                .onFailure(failure -> !(failure instanceof ProblemException))
                .transform(failure -> new ProblemException(
                                ErrorCode.UNAVAILABLE, "The broker cannot be reached at the moment; try again.")
                        .retryAfter(Duration.ofSeconds(1)));
    }
}
