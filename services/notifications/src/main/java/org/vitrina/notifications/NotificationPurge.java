package org.vitrina.notifications;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.vitrina.messaging.QueuesConfig;
import org.vitrina.runtime.RecurringTask;

/** Removes notifications, with their texts and numbers, that were settled so long ago that nobody asks for them any more. */
@ApplicationScoped
class NotificationPurge implements RecurringTask {
    private static final int BATCH = 1_000;

    private final NotificationRepository repository;
    private final Duration every;
    private final Duration keep;

    NotificationPurge(NotificationRepository repository, NotificationsConfig config, QueuesConfig queues) {
        this.repository = repository;
        this.every = config.purgeEvery();
        // an event that is remembered and has no notification is a lost one to the audit
        Duration remembered = queues.remember().plusDays(1);
        this.keep = config.keep().compareTo(remembered) < 0 ? remembered : config.keep();
    }

    @Override
    public String name() {
        return "the purge of notifications";
    }

    @Override
    public Duration every() {
        return every;
    }

    @Override
    public Uni<?> work() {
        return RecurringTask.inPortions(BATCH, () -> repository.purge(keep, BATCH));
    }
}
