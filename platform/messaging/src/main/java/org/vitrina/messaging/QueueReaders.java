package org.vitrina.messaging;

import io.quarkus.arc.All;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.vitrina.amqp.BrokerConfig;
import org.vitrina.amqp.BrokerConnections;
import org.vitrina.amqp.Topology;
import org.vitrina.runtime.RecurringTask;

/** Starts a reader for each queue that the service handles, and makes the further attempts at parked messages. */
@Singleton
class QueueReaders implements RecurringTask {
    private static final Logger LOG = Logger.getLogger(QueueReaders.class);
    private static final int AT_ONCE = 16;
    private static final int GROWTH = 4;
    private static final Duration LONGEST_ROUND = Duration.ofMinutes(10);

    private final Map<String, QueueHandler> handlers;
    private final List<QueueReader> readers;
    private final ParkedRepository parked;
    private final MessageAttempt handling;
    private final DeadLetters deadLetters;
    private final QueuesConfig config;
    private final boolean consumes;

    QueueReaders(
            @All List<QueueHandler> handlers,
            BrokerConnections connections,
            Topology topology,
            ParkedRepository parked,
            MessageAttempt handling,
            DeadLetters deadLetters,
            MessagingCrashPoints points,
            QueuesConfig config,
            BrokerConfig broker) {
        this.handlers = handlers.stream().collect(Collectors.toMap(QueueHandler::queue, Function.identity()));
        this.readers = handlers.stream()
                .map(handler ->
                        new QueueReader(handler, connections, topology, parked, handling, points, config, broker))
                .toList();
        this.parked = parked;
        this.handling = handling;
        this.deadLetters = deadLetters;
        this.config = config;
        this.consumes = config.consume() && broker.enabled() && !handlers.isEmpty();
    }

    void start(@Observes StartupEvent started) {
        if (consumes) {
            readers.forEach(QueueReader::start);
        }
    }

    void stop(@Observes ShutdownEvent ending) {
        readers.forEach(QueueReader::stop);
    }

    @Override
    public String name() {
        return "the retry of parked messages";
    }

    @Override
    public Duration every() {
        return config.poll();
    }

    /** Handlers may take long; what is claimed meanwhile is bounded by its lease. */
    @Override
    public Duration limit() {
        return LONGEST_ROUND;
    }

    @Override
    public Uni<?> work() {
        if (!consumes) {
            return Uni.createFrom().voidItem();
        }
        var suspects = new AtomicBoolean(true);
        return RecurringTask.inPortions(AT_ONCE, () -> retry(suspects));
    }

    /**
     * What may have ended a process is attempted alone, so that nothing else is counted with it; neither holds up the other.
     *
     * @param suspects whether there may be such messages; once there was none, this round looks for no others
     */
    private Uni<Integer> retry(AtomicBoolean suspects) {
        return retry(AT_ONCE, false)
                .chain(together -> suspects.get()
                        ? retry(1, true)
                                .invoke(alone -> suspects.set(alone == 1))
                                .map(alone -> alone == 1 ? AT_ONCE : together)
                        : Uni.createFrom().item(together));
    }

    private Uni<Integer> retry(int most, boolean suspect) {
        return handling.onContextOfItsOwn(() ->
                        parked.claim(handlers.keySet(), most, config.lease().toMillis(), suspect))
                .chain(due -> Multi.createFrom()
                        .iterable(due)
                        .onItem()
                        .transformToUniAndMerge(this::attempt)
                        .collect()
                        .asList()
                        .replaceWith(due.size()));
    }

    /** Never fails: what cannot be written down is tried again when its lease is over. */
    private Uni<Void> attempt(ParkedMessage one) {
        QueueHandler handler = handlers.get(one.message().queue());
        if (handler == null) {
            return Uni.createFrom().voidItem();
        }
        Uni<Void> made = one.attempts() <= config.attempts()
                ? handling.attempt(handler, one.message())
                : Uni.createFrom().failure(new MessageException(ParkedRepository.NO_END));
        return made.chain(() -> handling.onContextOfItsOwn(() -> parked.delete(one.id())))
                .onFailure()
                .recoverWithUni(failure -> handling.onContextOfItsOwn(() -> afterFailure(one, failure)))
                .onFailure()
                .recoverWithUni(late -> {
                    LOG.debugf(late, "an attempt at a parked message could not be written down");
                    return Uni.createFrom().voidItem();
                });
    }

    private Uni<Void> afterFailure(ParkedMessage one, Throwable failure) {
        if (handling.isNotNow(failure)) {
            return parked.notCounted(
                    one, MessageAttempt.reason(failure), config.firstPause().toMillis());
        }
        handling.parked(one.message(), one.attempts(), failure);
        String reason = MessageAttempt.reason(failure);
        if (one.attempts() < config.attempts()) {
            return parked.again(one, reason, pauseAfter(one.attempts()));
        }
        LOG.warnf(
                "A message of queue %s is a dead letter after %d attempts: %s",
                one.message().queue(), config.attempts(), reason);
        return Panache.withTransaction(() -> parked.deleteInTransaction(one.id())
                .chain(ours -> ours
                        ? deadLetters.add(one.message(), config.attempts(), reason)
                        : Uni.createFrom().voidItem()));
    }

    private long pauseAfter(int attempts) {
        double pause = config.firstPause().toMillis() * Math.pow(GROWTH, attempts - 1.0);
        return (long) Math.min(pause, (double) config.longestPause().toMillis());
    }
}
