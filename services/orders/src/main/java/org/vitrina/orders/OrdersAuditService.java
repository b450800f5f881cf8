package org.vitrina.orders;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.vitrina.runtime.AuditGauge;

/** Makes the audit, when asked and again and again, and exports what it finds. */
@Singleton
class OrdersAuditService {
    private static final Logger LOG = Logger.getLogger(OrdersAuditService.class);

    /** How often what is unsettled is counted. */
    private static final long PULSE_MILLIS = 5_000;

    /** How long after its limit an order must have been seen by a sweeper. */
    private static final Duration OVERDUE = Duration.ofMinutes(1);

    private final OrdersAuditRepository repository;
    private final AuditGauge gauge;
    private final Vertx vertx;
    private final Clock clock;
    private final Duration window;
    private final long overdueMillis;
    private final long interval;
    private volatile double oldestSeconds;
    private volatile double unsettled;
    private volatile boolean stopped;

    OrdersAuditService(
            OrdersAuditRepository repository,
            AuditGauge gauge,
            Vertx vertx,
            MeterRegistry registry,
            Clock clock,
            OrdersConfig config) {
        this.repository = repository;
        this.gauge = gauge;
        this.vertx = vertx;
        this.clock = clock;
        this.window = config.audit().window();
        this.overdueMillis = config.saga().limit().plus(OVERDUE).toMillis();
        this.interval = config.audit().interval().toMillis();
        Gauge.builder("vitrina.orders.pending.age", this, audit -> audit.oldestSeconds)
                .description("Age of the oldest order for which something is still to be done")
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder("vitrina.orders.pending", this, audit -> audit.unsettled)
                .description("Orders for which something is still to be done")
                .register(registry);
    }

    void start(@Observes StartupEvent started) {
        Context context = vertx.getOrCreateContext();
        context.runOnContext(ready -> {
            again(interval, this::audit);
            again(PULSE_MILLIS, this::pulse);
        });
    }

    void stop(@Observes ShutdownEvent ending) {
        stopped = true;
    }

    Uni<Audit> audit() {
        UUID since = OrderIds.lowest(clock.millis() - window.toMillis());
        return Uni.combine()
                .all()
                .unis(repository.findings(since, overdueMillis), repository.sums(since), repository.unsettled())
                .asTuple()
                .map(parts -> new Audit(
                        parts.getItem1().isEmpty(),
                        parts.getItem1(),
                        parts.getItem2(),
                        parts.getItem3().orders(),
                        parts.getItem3().oldestSeconds(),
                        parts.getItem3().events()))
                .invoke(audit -> gauge.found(Math.toIntExact(audit.findings().stream()
                        .mapToLong(Audit.Finding::count)
                        .sum())));
    }

    private Uni<OrdersAuditRepository.Unsettled> pulse() {
        return repository.unsettled().invoke(now -> {
            oldestSeconds = now.oldestSeconds();
            unsettled = now.orders();
        });
    }

    private void again(long pause, Supplier<Uni<?>> work) {
        vertx.setTimer(pause, fired -> {
            if (stopped) {
                return;
            }
            var unused = work.get().subscribe().with(done -> again(pause, work), failure -> {
                LOG.debugf(failure, "no audit at the moment");
                again(pause, work);
            });
        });
    }
}
