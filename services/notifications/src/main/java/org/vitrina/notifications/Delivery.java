package org.vitrina.notifications;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.vitrina.messaging.DeadLetters;
import org.vitrina.messaging.QueueMessage;

/** One try at one notification, from the claim to what is written down about it. */
@ApplicationScoped
class Delivery {
    private static final Logger LOG = Logger.getLogger(Delivery.class);
    private static final String EXCHANGE = "orders.events";
    private static final String OVERTAKEN = "the order was cancelled before anything was sent";

    private final NotificationRepository repository;
    private final SmsGatewayClient provider;
    private final DeadLetters deadLetters;
    private final NotificationsConfig config;
    private final Timer delay;

    Delivery(
            NotificationRepository repository,
            SmsGatewayClient provider,
            DeadLetters deadLetters,
            NotificationsConfig config,
            MeterRegistry registry) {
        this.repository = repository;
        this.provider = provider;
        this.deadLetters = deadLetters;
        this.config = config;
        this.delay = Timer.builder("vitrina.notifications.delay")
                .description("From an event's arrival to its message's acceptance by the provider")
                .register(registry);
    }

    /** Tries it and writes down what came of it; fails only if that could not be written. */
    Uni<SendOutcome> tryOnce(Claimed one) {
        return outcome(one).call(outcome -> record(one, outcome)).invoke(NotificationsCrashPoints::afterRecording);
    }

    private Uni<SendOutcome> outcome(Claimed one) {
        if (!one.unsure()) {
            return send(one);
        }
        return switch (config.delivery()) {
            case EXACTLY_ONCE -> ask(one);
            case AT_LEAST_ONCE -> send(one);
            case AT_MOST_ONCE -> Uni.createFrom().item(new SendOutcome.Unknown("its fate is unknown", true));
        };
    }

    /** What the provider does not have it is sent, under the key by which it knows an earlier one that may still be on its way. */
    private Uni<SendOutcome> ask(Claimed one) {
        NotificationsCrashPoints.beforeAsking();
        return provider.ask(one.eventId(), repository::newestSent)
                .chain(outcome -> outcome instanceof SendOutcome.Absent && one.refusals() < config.attempts()
                        ? send(one)
                        : Uni.createFrom().item(outcome));
    }

    private Uni<SendOutcome> send(Claimed one) {
        NotificationsCrashPoints.beforeSending();
        return provider.send(one).invoke(NotificationsCrashPoints::afterSending);
    }

    private Uni<Void> record(Claimed one, SendOutcome outcome) {
        return switch (outcome) {
            case SendOutcome.Accepted accepted ->
                repository
                        .sent(one, accepted.id())
                        .invoke(age -> age.ifPresent(seconds -> delay.record(millis(seconds), TimeUnit.MILLISECONDS)))
                        .replaceWithVoid();
            case SendOutcome.Absent absent -> park(one, "the provider failed too often", one.refusals());
            case SendOutcome.Refused refused ->
                one.refusals() + 1 >= config.attempts()
                        ? park(one, refused.reason(), one.refusals() + 1)
                        : again(one, pauseAfter(one), refused.reason(), one.refusals() + 1);
            case SendOutcome.Away away -> again(one, pauseAfter(away), away.reason(), one.refusals());
            case SendOutcome.Unknown unknown -> recordUnknown(one, unknown);
        };
    }

    private Uni<Void> recordUnknown(Claimed one, SendOutcome.Unknown unknown) {
        int refusals = one.refusals() + (unknown.answered() ? 1 : 0);
        return switch (config.delivery()) {
            case EXACTLY_ONCE -> repository.unsure(one, pauseAfter(one), shortened(unknown.reason()), refusals);
            case AT_LEAST_ONCE ->
                refusals >= config.attempts()
                        ? park(one, unknown.reason(), refusals)
                        : repository.unsure(one, pauseAfter(one), shortened(unknown.reason()), refusals);
            case AT_MOST_ONCE -> park(one, "not sent again, as its fate is unknown: " + unknown.reason(), refusals);
        };
    }

    /**
     * This try certainly did not reach the provider. An earlier one of unknown outcome still may, however long it takes: then
     * the message stays one that the provider may have, which no cancellation overtakes.
     */
    private Uni<Void> again(Claimed one, Duration pause, String reason, int refusals) {
        return one.unsure()
                ? repository.unsure(one, pause, shortened(reason), refusals)
                : back(one, pause, reason, refusals);
    }

    /** Under the order's lock, so that a cancellation that came meanwhile is seen. */
    @WithTransaction
    Uni<Void> back(Claimed one, Duration pause, String reason, int refusals) {
        return repository
                .lockOrder(one.orderId())
                .chain(() -> repository.back(one, pause, shortened(reason), refusals))
                .chain(ours -> ours && one.type().equals(OrderEvent.CONFIRMED)
                        ? suppressIfCancelled(one)
                        : Uni.createFrom().voidItem());
    }

    private Uni<Void> suppressIfCancelled(Claimed confirmation) {
        return repository
                .suppress(confirmation.orderId(), OrderEvent.CANCELLED, OVERTAKEN)
                .chain(overtaken -> overtaken
                        ? repository
                                .suppress(confirmation.orderId(), OrderEvent.CONFIRMED, OVERTAKEN)
                                .replaceWithVoid()
                        : Uni.createFrom().voidItem());
    }

    @WithTransaction
    Uni<Void> park(Claimed one, String reason, int refusals) {
        var message = new QueueMessage(
                OrderEventHandler.QUEUE,
                EXCHANGE,
                one.type(),
                one.eventId().toString(),
                Buffer.buffer(one.event()),
                false);
        return repository
                .park(one, shortened(reason), refusals)
                .chain(ours -> ours
                        ? deadLetters.add(message, refusals, reason)
                        : Uni.createFrom().voidItem())
                .invoke(() -> LOG.warnf("Event %s is a dead letter: %s", one.eventId(), reason));
    }

    /** Short: how often an absent provider is tried is the sender's to say, for all messages together. */
    private Duration pauseAfter(SendOutcome.Away away) {
        return away.after() == null ? config.firstPause() : away.after();
    }

    private Duration pauseAfter(Claimed one) {
        double pause = config.firstPause().toMillis() * Math.pow(2, Math.min(30, one.tries()));
        return Duration.ofMillis(
                (long) Math.min(pause, (double) config.longestPause().toMillis()));
    }

    private static long millis(double seconds) {
        return Math.max(0, Math.round(seconds * 1000));
    }

    private static String shortened(String reason) {
        return reason.length() <= 300 ? reason : reason.substring(0, 300);
    }
}
