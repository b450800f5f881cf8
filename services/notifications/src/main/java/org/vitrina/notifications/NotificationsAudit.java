package org.vitrina.notifications;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import org.vitrina.notifications.NotificationRepository.Waiting;
import org.vitrina.runtime.Audit;
import org.vitrina.runtime.AuditGauge;

/** Looks whether every event has its end, and exactly one: asked by operators and tests, and now and then for the metric. */
@Singleton
class NotificationsAudit extends Audit<NotificationsAuditReport> {
    private final NotificationRepository repository;
    private final NotificationsConfig config;
    private volatile Waiting waiting = new Waiting(0, 0);

    NotificationsAudit(
            NotificationRepository repository, NotificationsConfig config, AuditGauge gauge, MeterRegistry registry) {
        super(gauge, config.auditInterval());
        this.repository = repository;
        this.config = config;
        Gauge.builder("vitrina.notifications.waiting", this, audit -> audit.waiting.events())
                .description("Events whose message is not settled")
                .register(registry);
        Gauge.builder("vitrina.notifications.waiting.age", this, audit -> audit.waiting.age())
                .description("Age of the oldest of them")
                .baseUnit("seconds")
                .register(registry);
    }

    @Override
    public Uni<NotificationsAuditReport> work() {
        return super.work().call(() -> repository.waiting().invoke(now -> waiting = now));
    }

    @Override
    protected Uni<NotificationsAuditReport> report() {
        return repository
                .counts()
                .chain(counts -> repository.stuck(config.unsettledLimit()).chain(stuck -> repository
                        .forgotten()
                        .chain(forgotten -> repository.notAsSaid().map(notAsSaid -> {
                            List<String> found = new ArrayList<>();
                            finding(found, stuck, "events are not settled although they came long ago");
                            finding(found, forgotten, "events are remembered as handled and have no notification");
                            finding(found, notAsSaid, "events have a state that their provider's id contradicts");
                            return new NotificationsAuditReport(found.isEmpty(), counts, List.copyOf(found));
                        }))));
    }

    private static void finding(List<String> found, long events, String what) {
        if (events > 0) {
            found.add(events + " " + what);
        }
    }
}
