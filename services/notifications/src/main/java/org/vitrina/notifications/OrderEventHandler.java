package org.vitrina.notifications;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import org.vitrina.messaging.HandledEvents;
import org.vitrina.messaging.MessageException;
import org.vitrina.messaging.QueueHandler;
import org.vitrina.messaging.QueueMessage;
import org.vitrina.notifications.NotificationsConfig.Delivery;

/** Takes the orders' events in: one row each, with the memory that it was taken in the same transaction. */
@ApplicationScoped
class OrderEventHandler implements QueueHandler {
    static final String QUEUE = "notifications";
    private static final String OVERTAKEN = "the order was cancelled before anything was sent";
    private static final String LATE = "the order had been cancelled when the confirmation came";

    private final ObjectMapper json;
    private final HandledEvents duplicates;
    private final NotificationRepository repository;
    private final NotificationSender sender;
    private final boolean canAsk;

    OrderEventHandler(
            ObjectMapper json,
            HandledEvents duplicates,
            NotificationRepository repository,
            NotificationSender sender,
            NotificationsConfig config) {
        this.json = json;
        this.duplicates = duplicates;
        this.repository = repository;
        this.sender = sender;
        this.canAsk = config.delivery() == Delivery.EXACTLY_ONCE;
    }

    @Override
    public String queue() {
        return QUEUE;
    }

    @Override
    public Uni<Void> handle(QueueMessage message) {
        return Uni.createFrom()
                .item(() -> OrderEvent.parse(json, message.text()))
                .chain(event -> Panache.withTransaction(() -> repository
                        .lockUser(event.userId())
                        .chain(() -> repository.lockOrder(event.orderId()))
                        .chain(() -> duplicates.firstTime(QUEUE, event.eventId()))
                        .chain(first -> first ? add(event, message) : again(event, message))
                        .invoke(NotificationsCrashPoints::beforeReceiving)))
                .invoke(() -> {
                    NotificationsCrashPoints.afterReceiving();
                    sender.wake();
                });
    }

    @Override
    public Optional<Instant> occurredAt(QueueMessage message) {
        try {
            return OrderEvent.parse(json, message.text()).occurredAt();
        } catch (MessageException e) {
            return Optional.empty(); // nothing can have been done for what cannot be understood
        }
    }

    private Uni<Void> add(OrderEvent event, QueueMessage message) {
        if (event.phone() == null) {
            // there may still be a confirmation with a number, if the two differ in that
            return repository
                    .add(event, message.text(), NotificationState.NO_PHONE, "")
                    .chain(() -> event.isCancellation()
                            ? repository
                                    .suppress(event.orderId(), OrderEvent.CONFIRMED, OVERTAKEN)
                                    .replaceWithVoid()
                            : Uni.createFrom().voidItem());
        }
        return event.isCancellation() ? addCancellation(event, message) : addConfirmation(event, message);
    }

    private Uni<Void> addCancellation(OrderEvent event, QueueMessage message) {
        return repository
                .suppress(event.orderId(), OrderEvent.CONFIRMED, OVERTAKEN)
                .chain(overtook -> overtook
                        ? repository.add(event, message.text(), NotificationState.SUPPRESSED, OVERTAKEN)
                        : repository.add(event, message.text(), NotificationState.RECEIVED, ""));
    }

    /** Events of an order come in order but for repetitions and attempts that failed: the cancellation may be here. */
    private Uni<Void> addConfirmation(OrderEvent event, QueueMessage message) {
        return repository
                .states(event.orderId())
                .chain(states -> states.containsKey(OrderEvent.CANCELLED)
                        ? repository
                                .suppress(event.orderId(), OrderEvent.CANCELLED, OVERTAKEN)
                                .chain(overtook -> repository.add(
                                        event,
                                        message.text(),
                                        NotificationState.SUPPRESSED,
                                        overtook ? OVERTAKEN : LATE))
                        : repository.add(event, message.text(), NotificationState.RECEIVED, ""));
    }

    /**
     * Known: only a redrive takes it up again, and only what was given up; but nobody is told of a confirmation when
     * the order has been cancelled since.
     */
    private Uni<Void> again(OrderEvent event, QueueMessage message) {
        if (!message.redriven()) {
            return Uni.createFrom().voidItem();
        }
        Uni<Boolean> late = event.isCancellation()
                ? Uni.createFrom().item(false)
                : repository.states(event.orderId()).map(states -> states.containsKey(OrderEvent.CANCELLED));
        return late.chain(tooLate -> tooLate
                ? repository.park(event.eventId(), LATE)
                : repository.revive(event.eventId(), canAsk ? NotificationState.SENDING : NotificationState.RECEIVED));
    }
}
