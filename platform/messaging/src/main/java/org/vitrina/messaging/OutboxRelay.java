package org.vitrina.messaging;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.vitrina.amqp.BrokerConfig;
import org.vitrina.core.Deadline;
import org.vitrina.runtime.GrowingPause;

/**
 * Sends what is in the outbox, at least once and in order for each ordering key; any number of relays may do so side by
 * side. A relay takes events by a lease (one statement, no transaction stays open), sends them, waits for the broker's
 * confirms and deletes them. While the broker is away it takes nothing. What it comes to too late, since it was frozen or
 * had no processor, it does not send: another may have it by then, and even have sent what comes after.
 *
 * <p>Order: only the oldest event of a key can be taken, under a row lock that makes others pass by, and the next ones of
 * the key with it; so a key is with one relay at a time.
 */
@Singleton
class OutboxRelay {
    private static final Logger LOG = Logger.getLogger(OutboxRelay.class);

    /** How long events of a route are left alone once a queue did not take one: one batch a route and second is in vain. */
    private static final Duration UNTAKEN_PAUSE = Duration.ofSeconds(1);

    /** So many batches are looked at where a route is left alone. */
    private static final int WINDOWS_OF_A_BATCH = 10;

    private final OutboxRepository repository;
    private final Publisher publisher;
    private final OutboxConfig config;
    private final MessagingCrashPoints points;
    private final Vertx vertx;
    private final RelaySignal signal;
    private final UUID self = UUID.randomUUID();
    private final boolean hasBroker;
    private final GrowingPause failurePause;
    private final long leaseMillis;
    private final long confirmMillis;
    private final Counter sent;
    private final Timer wait;
    private final Counter failed;
    private final Counter untaken;
    private final AtomicBoolean expecting = new AtomicBoolean();
    private volatile boolean stopped;

    // the rest is used on the context only
    private Context context;
    private long timer = -1;
    private long pauseMillis;
    private boolean looking;
    private boolean again;
    private Set<String> untakenRoutes = Set.of();
    private long walkedTo;
    private Deadline untakenUntil = Deadline.in(Duration.ZERO);

    OutboxRelay(
            OutboxRepository repository,
            Publisher publisher,
            OutboxConfig config,
            BrokerConfig broker,
            MessagingCrashPoints points,
            Vertx vertx,
            RelaySignal signal,
            MeterRegistry registry) {
        this.repository = repository;
        this.publisher = publisher;
        this.config = config;
        this.points = points;
        this.vertx = vertx;
        this.signal = signal;
        this.context = vertx.getOrCreateContext();
        this.hasBroker = broker.enabled();
        this.failurePause = new GrowingPause(broker.longestPause());
        this.leaseMillis = config.lease().toMillis();
        this.confirmMillis = Math.min(config.confirmTimeout().toMillis(), leaseMillis * 2 / 3);
        this.pauseMillis = config.poll().toMillis();
        this.sent = Counter.builder("vitrina.outbox.sent")
                .description("Events that the broker has confirmed")
                .register(registry);
        this.wait = Timer.builder("vitrina.outbox.wait")
                .description("From an event's writing to its confirmation by the broker")
                .register(registry);
        this.failed = Counter.builder("vitrina.outbox.failed")
                .description("Rounds in which not all events could be sent")
                .register(registry);
        this.untaken = Counter.builder("vitrina.outbox.untaken")
                .description("Rounds in which a queue that must take events was not there: these wait")
                .register(registry);
    }

    void start(@Observes StartupEvent started) {
        if (!config.relay() || !hasBroker) {
            return;
        }
        context = vertx.getOrCreateContext();
        signal.listener(this::wake);
        context.runOnContext(ready -> schedule(1));
    }

    void stop(@Observes ShutdownEvent ending) {
        stopped = true;
    }

    /** From any thread, often: something is about to be committed. */
    private void wake() {
        if (expecting.compareAndSet(false, true)) {
            context.runOnContext(woken -> {
                again = true;
                if (!looking && failurePause.isFresh()) {
                    schedule(config.gather().toMillis());
                }
            });
        }
    }

    private void schedule(long millis) {
        if (timer != -1) {
            vertx.cancelTimer(timer);
        }
        timer = vertx.setTimer(Math.max(1, millis), fired -> {
            timer = -1;
            look();
        });
    }

    private void look() {
        if (looking || stopped) {
            return;
        }
        looking = true;
        again = false;
        expecting.set(false);
        var unused = round().emitOn(onContext())
                .subscribe()
                .with(
                        taken -> {
                            looking = false;
                            if (!failurePause.isFresh()) {
                                LOG.info("The outbox is being sent again");
                                failurePause.reset();
                            }
                            schedule(pauseAfter(taken));
                        },
                        failure -> {
                            looking = false;
                            if (stopped) {
                                return;
                            }
                            failed.increment();
                            if (failurePause.isFresh()) {
                                LOG.warnf("The outbox cannot be sent at the moment, events wait: %s", failure);
                            }
                            schedule(failurePause.next());
                        });
    }

    /**
     * At once while there is plenty. What was announced may not have been committed at the look: the next looks follow with
     * doubling pauses until they are as rare as without an announcement.
     */
    private long pauseAfter(int taken) {
        if (taken >= config.batch()) {
            return 1;
        }
        long gather = config.gather().toMillis();
        long poll = config.poll().toMillis();
        pauseMillis = again || taken > 0 ? gather : Math.min(poll, Math.max(gather, pauseMillis * 2));
        return pauseMillis;
    }

    private Uni<Integer> round() {
        return publisher.connect().emitOn(onContext()).chain(() -> {
            points.beforeClaim();
            // by a clock of this process that started earlier than the database's
            Deadline lease = Deadline.in(Duration.ofMillis(leaseMillis));
            Set<String> without = untakenUntil.passed() ? Set.of() : untakenRoutes;
            return claim(without).emitOn(onContext()).chain(batch -> {
                if (batch.isEmpty()) {
                    return Uni.createFrom().item(0);
                }
                points.afterClaim();
                return send(batch, without, lease);
            });
        });
    }

    /** Beside what waits in vain, which may be very many, we look at one part of the table after the other. */
    private Uni<List<OutboxRow>> claim(Set<String> without) {
        if (without.isEmpty()) {
            return repository.claim(config.batch(), config.batchOfKey(), self, leaseMillis);
        }
        return repository
                .window(walkedTo, WINDOWS_OF_A_BATCH * config.batch())
                .emitOn(onContext())
                .chain(window -> repository
                        .claim(config.batch(), config.batchOfKey(), self, leaseMillis, without, window)
                        .emitOn(onContext())
                        .invoke(batch -> {
                            if (batch.size() < config.batch()) {
                                walkedTo = window.next();
                            }
                        }));
    }

    private Uni<Integer> send(List<OutboxRow> batch, Set<String> without, Deadline lease) {
        Deadline until = lease.within(Duration.ofMillis(confirmMillis));
        return publisher.publish(batch, until).emitOn(onContext()).chain(outcome -> {
            int confirmed = outcome.confirmed().size();
            sent.increment(confirmed);
            taken(batch, without, outcome);
            Uni<Void> settled = delete(outcome.confirmed());
            if (confirmed < batch.size()) {
                settled = settled.chain(() -> repository.release(batch, self));
            }
            Throwable failure = outcome.failure();
            return failure == null
                    ? settled.replaceWith(confirmed)
                    : settled.chain(() -> Uni.createFrom().failure(failure));
        });
    }

    /**
     * What a queue did not take waits, and what else there is does not wait for it.
     *
     * @param without the routes of which this batch has nothing
     */
    private void taken(List<OutboxRow> batch, Set<String> without, Publisher.Sent outcome) {
        Set<String> waiting = new HashSet<>(outcome.failure() == null ? without : untakenRoutes);
        waiting.addAll(outcome.untaken());
        Set<String> again = batch.stream()
                .filter(event -> outcome.confirmed().contains(event.position()))
                .map(OutboxRow::route)
                .filter(route -> untakenRoutes.contains(route) && !waiting.contains(route))
                .collect(Collectors.toSet());
        if (!again.isEmpty()) {
            LOG.infof("Events are taken again: %s", again);
        }
        if (!untakenRoutes.containsAll(waiting)) {
            LOG.warnf("A queue that must take them is not there, events wait: %s", waiting);
        }
        untakenRoutes = waiting;
        if (!outcome.untaken().isEmpty()) {
            untaken.increment();
            untakenUntil = Deadline.in(UNTAKEN_PAUSE);
        }
    }

    private Uni<Void> delete(Collection<Long> confirmed) {
        if (confirmed.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return repository
                .delete(confirmed)
                .invoke(ages ->
                        ages.forEach(age -> wait.record(Math.max(0, Math.round(age * 1000)), TimeUnit.MILLISECONDS)))
                .invoke(points::afterDelete)
                .replaceWithVoid();
    }

    private Executor onContext() {
        return work -> context.runOnContext(there -> work.run());
    }
}
