package org.vitrina.notifications;

import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
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
    private final SmsProvider provider;
    private final DeadLetters deadLetters;
    private final NotificationsConfig config;

    Delivery(
            NotificationRepository repository,
            SmsProvider provider,
            DeadLetters deadLetters,
            NotificationsConfig config) {
        this.repository = repository;
        this.provider = provider;
        this.deadLetters = deadLetters;
        this.config = config;
    }

    /** Tries it and writes down what came of it; fails only if that could not be written. */
    Uni<Fate> tryOnce(Claimed one) {
        return fate(one).call(fate -> record(one, fate)).invoke(Points::afterRecording);
    }

    private Uni<Fate> fate(Claimed one) {
        if (!one.unsure()) {
            return send(one);
        }
        return switch (config.delivery()) {
            case EXACTLY_ONCE -> ask(one);
            case AT_LEAST_ONCE -> send(one);
            case AT_MOST_ONCE -> Uni.createFrom().item(new Fate.Unknown("its fate is unknown", true));
        };
    }

    /** What the provider does not have it is sent, under the key by which it knows an earlier one that may still be on its way. */
    private Uni<Fate> ask(Claimed one) {
        Points.beforeAsking();
        return provider.ask(one)
                .chain(fate -> fate instanceof Fate.Absent && one.refusals() < config.attempts()
                        ? send(one)
                        : Uni.createFrom().item(fate));
    }

    private Uni<Fate> send(Claimed one) {
        Points.beforeSending();
        return provider.send(one).invoke(Points::afterSending);
    }

    private Uni<Void> record(Claimed one, Fate fate) {
        return switch (fate) {
            case Fate.Accepted accepted -> repository.sent(one, accepted.id());
            case Fate.Absent absent -> bury(one, "the provider failed too often", one.refusals());
            case Fate.Refused refused ->
                one.refusals() + 1 >= config.attempts()
                        ? bury(one, refused.reason(), one.refusals() + 1)
                        : again(one, pauseAfter(one), refused.reason(), one.refusals() + 1);
            case Fate.Away away -> again(one, pauseAfter(away), away.reason(), one.refusals());
            case Fate.Unknown unknown -> recordUnknown(one, unknown);
        };
    }

    private Uni<Void> recordUnknown(Claimed one, Fate.Unknown unknown) {
        int refusals = one.refusals() + (unknown.answered() ? 1 : 0);
        return switch (config.delivery()) {
            case EXACTLY_ONCE -> repository.unsure(one, pauseAfter(one), shortened(unknown.reason()), refusals);
            case AT_LEAST_ONCE ->
                refusals >= config.attempts()
                        ? bury(one, unknown.reason(), refusals)
                        : repository.unsure(one, pauseAfter(one), shortened(unknown.reason()), refusals);
            case AT_MOST_ONCE -> bury(one, "not sent again, as its fate is unknown: " + unknown.reason(), refusals);
        };
    }

    /**
     * This try certainly did not reach the provider. An earlier one of unknown fate still may, however long it takes: then
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
    Uni<Void> bury(Claimed one, String reason, int refusals) {
        var message = new QueueMessage(
                OrderEvents.QUEUE, EXCHANGE, one.type(), one.eventId().toString(), Buffer.buffer(one.event()), false);
        return repository
                .bury(one, shortened(reason), refusals)
                .chain(ours -> ours
                        ? deadLetters.add(message, refusals, reason)
                        : Uni.createFrom().voidItem())
                .invoke(() -> LOG.warnf("Event %s is a dead letter: %s", one.eventId(), reason));
    }

    /** Short: how often an absent provider is tried is the sender's to say, for all messages together. */
    private Duration pauseAfter(Fate.Away away) {
        return away.after() == null ? config.firstPause() : away.after();
    }

    private Duration pauseAfter(Claimed one) {
        double pause = config.firstPause().toMillis() * Math.pow(2, Math.min(30, one.tries()));
        return Duration.ofMillis(
                (long) Math.min(pause, (double) config.longestPause().toMillis()));
    }

    private static String shortened(String reason) {
        return reason.length() <= 300 ? reason : reason.substring(0, 300);
    }
}
