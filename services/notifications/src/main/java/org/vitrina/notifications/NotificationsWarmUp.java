package org.vitrina.notifications;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.unchecked.Unchecked;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.vitrina.runtime.WarmUp;

/**
 * Reads and writes a page of notifications, and asks the provider for a message that is none, before the service is ready: a
 * first call that is cold may come too late, and then nobody knows whether the message was sent.
 */
@ApplicationScoped
class NotificationsWarmUp extends WarmUp {
    private static final int ANYBODY = 1;

    /** A provider that does not answer delays no start. */
    private static final Duration LONGEST_QUESTION = Duration.ofMillis(300);

    private final NotificationService notifications;
    private final SmsGatewayClient provider;
    private final ObjectMapper json;

    NotificationsWarmUp(NotificationService notifications, SmsGatewayClient provider, ObjectMapper json) {
        this.notifications = notifications;
        this.provider = provider;
        this.json = json;
    }

    @Override
    public String name() {
        return "notifications";
    }

    @Override
    protected Uni<?> work() {
        return notifications
                .of(ANYBODY, null, 1)
                .invoke(Unchecked.consumer(json::writeValueAsBytes))
                .chain(page -> provider.ask(
                                UUID.randomUUID(), () -> Uni.createFrom().item(Optional.empty()))
                        .ifNoItem()
                        .after(LONGEST_QUESTION)
                        .recoverWithItem(new SendOutcome.Absent()));
    }
}
