package org.vitrina.messaging;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.unchecked.Unchecked;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vitrina.amqp.BrokerConnections;
import org.vitrina.amqp.SideChannel;
import org.vitrina.amqp.Topology;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.runtime.RecurringTask;

/**
 * Takes dead letters up again: each is moved from {@code <queue>.dlq} into the service's own table of parked messages, with
 * all its attempts before it. It leaves the broker when it is in the table.
 *
 * <p>One that tells of something older than {@code vitrina.queues.remember} is left where it is: whether that was acted on
 * before is not known any more, and it must not be acted on twice.
 */
@ApplicationScoped
public class Redrive {
    private static final ErrorCode TOO_OLD =
            new ErrorCode("too-old-to-redrive", 409, false, "Too old to be taken up again");

    /** So long it is looked past those that are too old before the others behind them are given up for this time. */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(20);

    private final BrokerConnections connections;
    private final Topology topology;
    private final ParkedRepository parked;
    private final MessageAttempt handling;
    private final List<QueueHandler> handlers;
    private final Duration remembered;
    private final Clock clock = Clock.systemUTC();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            work -> Thread.ofPlatform().daemon().name("vitrina-redrive").unstarted(work));

    Redrive(
            BrokerConnections connections,
            Topology topology,
            ParkedRepository parked,
            MessageAttempt handling,
            @All List<QueueHandler> handlers,
            QueuesConfig config) {
        this.connections = connections;
        this.topology = topology;
        this.parked = parked;
        this.handling = handling;
        this.handlers = handlers;
        this.remembered = config.remember();
    }

    /** What came of a look at dead letters: some were moved, others passed over. */
    record Taken(int moved, int passedOver) {
        private Taken and(Taken more) {
            return new Taken(moved + more.moved, passedOver + more.passedOver);
        }
    }

    /** What a dead letter is taken up as; empty where it stays. */
    interface Choice extends Function<QueueMessage, Optional<QueueMessage>> {}

    /** What is open while dead letters are moved. */
    private record Work(
            Connection connection,
            Channel channel,
            String queue,
            Choice choice,
            AtomicInteger moved,
            AtomicInteger passedOver) {
        Taken taken() {
            return new Taken(moved.get(), passedOver.get());
        }
    }

    /**
     * Moves at most {@code most} dead letters and tells how many it moved. Fails with {@code unavailable} (503) while the
     * broker or the database is away; what was moved by then stays moved, the rest stays where it was. Fails with {@code
     * too-old-to-redrive} (409) where all that is there is too old. Takes up to 20 s a queue: for no deadline of a request.
     */
    public Uni<Integer> redrive(String queue, int most) {
        return redrive(List.of(queue), most).map(Redriven::redriven);
    }

    /** The same for several queues, one after the other, with one limit for all. */
    public Uni<Redriven> redrive(List<String> queues, int most) {
        Uni<Taken> all = Uni.createFrom().item(new Taken(0, 0));
        for (String queue : queues) {
            all = all.chain(before -> take(queue, most - before.moved(), LONGEST_LOOK, this::ifYoungEnough)
                    .map(before::and));
        }
        return all.map(taken -> {
            if (taken.moved() == 0 && taken.passedOver() > 0) {
                throw new ProblemException(TOO_OLD, refusal(queues, taken.passedOver()));
            }
            return new Redriven(taken.moved());
        });
    }

    private Optional<QueueMessage> ifYoungEnough(QueueMessage message) {
        Instant oldest = clock.instant().minus(remembered);
        boolean tooOld = handlers.stream()
                .filter(handler -> handler.queue().equals(message.queue()))
                .flatMap(handler -> handler.occurredAt(message).stream())
                .anyMatch(occurred -> occurred.isBefore(oldest));
        return tooOld ? Optional.empty() : Optional.of(message);
    }

    private String refusal(List<String> queues, int letters) {
        List<String> names = queues.stream().map(Topology::deadLetters).toList();
        return "The first " + letters + " dead letters in " + String.join(", ", names) + " tell of what is older than "
                + remembered.toHours()
                + " hours, for which it is remembered what was acted on (vitrina.queues.remember)"
                + "; taken up again they might be acted on twice. Look at each, do by hand what is still due, and take it"
                + " out of the queue.";
    }

    /**
     * Moves dead letters as they are chosen, oldest first; those that are not stay in their places.
     *
     * @param most so many are moved at most
     * @param limit after so long the rest is left where it is
     */
    Uni<Taken> take(String queue, int most, Duration limit, Choice choice) {
        long begin = System.nanoTime();
        return onThread(() -> open(queue, choice)).chain(work -> RecurringTask.inPortions(
                        1,
                        () -> work.moved().get() < most && System.nanoTime() - begin < limit.toNanos()
                                ? next(work)
                                : Uni.createFrom().item(0))
                .map(done -> work.taken())
                .eventually(() -> onThread(() -> close(work.connection()))));
    }

    private Work open(String queue, Choice choice) throws IOException, TimeoutException {
        Connection connection = connections.open("redrive");
        try {
            Channel channel = BrokerConnections.channel(connection);
            topology.declareQueue(new SideChannel(connection), Topology.deadLetters(queue));
            return new Work(connection, channel, queue, choice, new AtomicInteger(), new AtomicInteger());
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

    /** One letter; 0 where there is no other. */
    private Uni<Integer> next(Work work) {
        return this.<@Nullable GetResponse>onThread(
                        () -> work.channel().basicGet(topology.named(Topology.deadLetters(work.queue())), false))
                .chain(letter -> letter == null
                        ? Uni.createFrom().item(0)
                        : decide(work, letter).replaceWith(1));
    }

    /** One that stays is not acknowledged: it is back in its place when the connection is closed. */
    private Uni<Void> decide(Work work, GetResponse letter) {
        Optional<QueueMessage> chosen = work.choice().apply(DeadLetter.original(work.queue(), letter));
        if (chosen.isEmpty()) {
            work.passedOver().incrementAndGet();
            return Uni.createFrom().voidItem();
        }
        return handling.onContextOfItsOwn(() -> parked.park(chosen.get(), 0, "redriven", Duration.ZERO.toMillis()))
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
