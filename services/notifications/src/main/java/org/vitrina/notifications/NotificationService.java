package org.vitrina.notifications;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.Erasure;
import org.vitrina.messaging.Redrive;
import org.vitrina.messaging.Redriven;

/** What users and operators ask of notifications. */
@ApplicationScoped
class NotificationService {
    private final NotificationRepository repository;
    private final Redrive redrive;
    private final NotificationSender sender;
    private final UserErasure erasure;

    NotificationService(
            NotificationRepository repository, Redrive redrive, NotificationSender sender, UserErasure erasure) {
        this.repository = repository;
        this.erasure = erasure;
        this.redrive = redrive;
        this.sender = sender;
    }

    /**
     * A user's notifications, newest first.
     *
     * @param before only older ones than this, null: from the newest
     */
    Uni<List<Notification>> of(int userId, @Nullable UUID before, int most) {
        if (before == null) {
            return repository.of(userId, Long.MAX_VALUE, most);
        }
        return repository
                .position(userId, before)
                .chain(position -> repository.of(
                        userId,
                        position.orElseThrow(() -> new ProblemException(
                                ErrorCode.BAD_REQUEST,
                                "before is the notification_id of none of this user's notifications.")),
                        most));
    }

    /** Those of the events that have come; who sent them compares. */
    Uni<TakenEvents> taken(List<UUID> events) {
        return repository.taken(events).map(TakenEvents::new);
    }

    Uni<OrderMessages> ofOrder(UUID orderId) {
        return repository.ofOrder(orderId).map(OrderMessages::new);
    }

    /** Takes dead letters up again; see {@link Redrive}. */
    Uni<Redriven> redrive(int most) {
        return redrive.redrive(List.of(OrderEventHandler.QUEUE), most).invoke(sender::wake);
    }

    Uni<Erasure> erase(int userId) {
        return erasure.erase(userId);
    }
}
