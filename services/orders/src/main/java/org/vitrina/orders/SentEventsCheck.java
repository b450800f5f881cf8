package org.vitrina.orders;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.vitrina.client.CallScope;
import org.vitrina.core.Deadline;
import org.vitrina.identity.ServiceTokens;
import org.vitrina.orders.upstream.NotificationsClient;
import org.vitrina.runtime.RecurringTask;

/**
 * Asks notifications which of the events that the broker confirmed have been taken: a queue may be lost with what is in it,
 * and nobody else would see that. What is not taken for long is a finding of the audit.
 */
@Singleton
class SentEventsCheck implements RecurringTask {
    private static final int PORTION = 200;
    private static final int FORGOTTEN_AT_ONCE = 1_000;

    /**
     * Whoever has no notifications, or none that answers, keeps no more than a week of them; well within the time for which
     * notifications remembers what it took.
     */
    private static final Duration KEPT = Duration.ofDays(7);

    /** So often within its limit is an event asked about. */
    private static final int LOOKS = 10;

    private final ServiceTokens tokens;
    private final SentEventRepository sent;
    private final NotificationsClient notifications;
    private final Vertx vertx;
    private final Duration every;
    private final Duration callLimit;

    SentEventsCheck(
            SentEventRepository sent,
            NotificationsClient notifications,
            Vertx vertx,
            ServiceTokens tokens,
            OrdersConfig config) {
        this.tokens = tokens;
        this.sent = sent;
        this.notifications = notifications;
        this.vertx = vertx;
        Duration looks = config.audit().untakenLimit().dividedBy(LOOKS);
        this.every = looks.compareTo(config.audit().interval()) < 0
                ? looks
                : config.audit().interval();
        this.callLimit = config.notifications().timeout();
    }

    @Override
    public String name() {
        return "the look whether sent events were taken";
    }

    @Override
    public Duration every() {
        return every;
    }

    @Override
    public Uni<?> work() {
        return RecurringTask.inPortions(FORGOTTEN_AT_ONCE, () -> sent.forget(KEPT, FORGOTTEN_AT_ONCE))
                .chain(() -> RecurringTask.inPortions(PORTION, this::compare));
    }

    private Uni<Integer> compare() {
        return sent.claim(every, PORTION).chain(events -> {
            if (events.isEmpty()) {
                return Uni.createFrom().item(0);
            }
            CallScope scope = CallScope.until(
                    vertx, Deadline.in(callLimit), false, CallScope.Carried.NONE.by(tokens.authorization()));
            return notifications
                    .taken(scope, events)
                    .chain(taken -> sent.answered(events, taken))
                    .replaceWith(events.size());
        });
    }
}
