package org.vitrina.orders;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.vitrina.runtime.Audit;
import org.vitrina.runtime.AuditGauge;

/** Whether the orders of the last time agree with one another. */
@Singleton
class OrdersAudit extends Audit<OrdersAuditReport> {
    /** How long after its limit an order must have been seen by a sweeper. */
    private static final Duration OVERDUE = Duration.ofMinutes(1);

    private final OrdersAuditRepository repository;
    private final Clock clock;
    private final Duration window;
    private final long overdueMillis;
    private final long untakenMillis;

    OrdersAudit(OrdersAuditRepository repository, AuditGauge gauge, Clock clock, OrdersConfig config) {
        super(gauge, config.audit().interval());
        this.repository = repository;
        this.clock = clock;
        this.window = config.audit().window();
        this.overdueMillis = config.saga().limit().plus(OVERDUE).toMillis();
        this.untakenMillis = config.audit().untakenLimit().toMillis();
    }

    @Override
    protected Uni<OrdersAuditReport> report() {
        UUID since = OrderIds.lowest(clock.millis() - window.toMillis());
        return Uni.combine()
                .all()
                .unis(
                        repository.findings(since, overdueMillis, untakenMillis),
                        repository.sums(since),
                        repository.unsettled())
                .asTuple()
                .map(parts -> new OrdersAuditReport(
                        parts.getItem1().isEmpty(),
                        parts.getItem1(),
                        parts.getItem2(),
                        parts.getItem3().orders(),
                        parts.getItem3().oldestSeconds(),
                        parts.getItem3().events()));
    }
}
