package org.vitrina.orders;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.vitrina.runtime.RecurringTask;

/** Exports how many orders are unsettled, and for how long. */
@Singleton
class PendingOrders implements RecurringTask {
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final OrdersAuditRepository repository;
    private volatile OrdersAuditRepository.Unsettled latest = new OrdersAuditRepository.Unsettled(0, 0, 0);

    PendingOrders(OrdersAuditRepository repository, MeterRegistry registry) {
        this.repository = repository;
        Gauge.builder("vitrina.orders.pending.age", this, pending -> pending.latest.oldestSeconds())
                .description("Age of the oldest order for which something is still to be done")
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder("vitrina.orders.pending", this, pending -> pending.latest.orders())
                .description("Orders for which something is still to be done")
                .register(registry);
    }

    @Override
    public String name() {
        return "the count of pending orders";
    }

    @Override
    public Duration every() {
        return EVERY;
    }

    @Override
    public Uni<?> work() {
        return repository.unsettled().invoke(now -> latest = now);
    }
}
