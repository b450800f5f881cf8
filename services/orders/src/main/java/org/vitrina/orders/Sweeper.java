package org.vitrina.orders;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.vitrina.client.CallScope;
import org.vitrina.core.CrashPoint;
import org.vitrina.persistence.idempotency.IdempotencyPurge;
import org.vitrina.runtime.Draining;

/**
 * Finishes what nobody works on: orders whose instance died or froze, and those that rested after a failure. Any number of
 * instances may sweep; the database's clock says what is due.
 */
@Singleton
class Sweeper {
    private static final Logger LOG = Logger.getLogger(Sweeper.class);

    private final OrderRepository orders;
    private final Saga saga;
    private final IdempotencyPurge purge;
    private final Draining draining;
    private final Vertx vertx;
    private final Counter taken;
    private final long interval;
    private final int most;
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean stopped;

    Sweeper(
            OrderRepository orders,
            Saga saga,
            IdempotencyPurge purge,
            Draining draining,
            Vertx vertx,
            MeterRegistry registry,
            OrdersConfig config) {
        this.orders = orders;
        this.saga = saga;
        this.purge = purge;
        this.draining = draining;
        this.vertx = vertx;
        this.interval = config.saga().sweepInterval().toMillis();
        this.most = config.saga().sweepBatch();
        this.taken = Counter.builder("vitrina.orders.sweeper.taken")
                .description("Orders that the sweeper worked on")
                .register(registry);
    }

    void start(@Observes StartupEvent started) {
        purge.begin();
        Context context = vertx.getOrCreateContext();
        context.runOnContext(ready -> next(interval));
    }

    void stop(@Observes ShutdownEvent ending) {
        stopped = true;
    }

    private void next(long pause) {
        if (!stopped) {
            vertx.setTimer(pause, fired -> sweep());
        }
    }

    private void sweep() {
        int room = most - underWay.get();
        // what is taken now would only be left again
        if (draining.begun() || room <= 0) {
            next(interval);
            return;
        }
        var unused = orders.take(room)
                .subscribe()
                .with(
                        found -> {
                            for (Order order : found) {
                                work(order);
                            }
                            next(found.size() == room ? 1 : interval);
                        },
                        failure -> {
                            LOG.debugf(failure, "nothing can be swept at the moment");
                            next(interval);
                        });
    }

    private void work(Order order) {
        CrashPoint.reached("orders.after-take");
        taken.increment();
        underWay.incrementAndGet();
        LOG.debugf("order %s is taken at %s", order.id(), order.step());
        var unused = saga.lead(order, CallScope.Carried.NONE)
                .subscribe()
                .with(result -> underWay.decrementAndGet(), failure -> underWay.decrementAndGet());
    }
}
