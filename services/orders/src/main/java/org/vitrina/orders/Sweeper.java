package org.vitrina.orders;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.vitrina.client.CallScope;
import org.vitrina.core.CrashPoint;
import org.vitrina.persistence.idempotency.IdempotencyPurge;
import org.vitrina.runtime.Draining;
import org.vitrina.runtime.RecurringTask;

/**
 * Finishes what nobody works on: orders whose instance died or froze, and those that rested after a failure. Any number of
 * instances may sweep; the database's clock says what is due.
 */
@Singleton
class Sweeper implements RecurringTask {
    private static final Logger LOG = Logger.getLogger(Sweeper.class);

    private final OrderRepository orders;
    private final Saga saga;
    private final IdempotencyPurge purge;
    private final Draining draining;
    private final Counter taken;
    private final Duration interval;
    private final int most;
    private final AtomicInteger underWay = new AtomicInteger();

    Sweeper(
            OrderRepository orders,
            Saga saga,
            IdempotencyPurge purge,
            Draining draining,
            MeterRegistry registry,
            OrdersConfig config) {
        this.orders = orders;
        this.saga = saga;
        this.purge = purge;
        this.draining = draining;
        this.interval = config.saga().sweepInterval();
        this.most = config.saga().sweepBatch();
        this.taken = Counter.builder("vitrina.orders.sweeper.taken")
                .description("Orders that the sweeper worked on")
                .register(registry);
    }

    void start(@Observes StartupEvent started) {
        purge.begin();
    }

    @Override
    public String name() {
        return "the sweep of orders";
    }

    @Override
    public Duration every() {
        return interval;
    }

    @Override
    public Uni<?> work() {
        int room = most - underWay.get();
        // what is taken during a drain would only be left again
        if (draining.begun() || room <= 0) {
            return Uni.createFrom().voidItem();
        }
        return orders.take(room)
                .invoke(found -> found.forEach(this::finish))
                .chain(found -> found.size() == room ? work() : Uni.createFrom().voidItem());
    }

    private void finish(Order order) {
        CrashPoint.reached("orders.after-take");
        taken.increment();
        underWay.incrementAndGet();
        LOG.debugf("order %s is taken at %s", order.id(), order.step());
        var unused = saga.lead(order, new CallScope.Carried(null, order.traceparent()))
                .subscribe()
                .with(result -> underWay.decrementAndGet(), failure -> underWay.decrementAndGet());
    }
}
