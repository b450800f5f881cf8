package org.vitrina.notifications;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.unchecked.Unchecked;
import jakarta.enterprise.context.ApplicationScoped;
import org.vitrina.runtime.WarmUp;

/** Reads and writes a page of notifications before the service is ready. */
@ApplicationScoped
class NotificationsWarmUp extends WarmUp {
    private static final int ANYBODY = 1;

    private final NotificationService notifications;
    private final ObjectMapper json;

    NotificationsWarmUp(NotificationService notifications, ObjectMapper json) {
        this.notifications = notifications;
        this.json = json;
    }

    @Override
    public String name() {
        return "notifications";
    }

    @Override
    protected Uni<?> work() {
        return notifications.of(ANYBODY, null, 1).invoke(Unchecked.consumer(json::writeValueAsBytes));
    }
}
