package org.vitrina.orders;

import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.vitrina.core.CrashPoint;

/**
 * Marks orders as finished, many in one statement: the mark only saves the {@link Sweeper} a look, so it may come a little
 * later, or be lost with the process.
 */
@ApplicationScoped
class CompletedOrders {
    private static final Logger LOG = Logger.getLogger(CompletedOrders.class);
    private static final int AT_ONCE = 500;

    private final OrderRepository orders;
    private final Vertx vertx;
    private final long gather;
    private final ConcurrentLinkedQueue<UUID> made = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean gathering = new AtomicBoolean();

    CompletedOrders(OrderRepository orders, Vertx vertx, OrdersConfig config) {
        this.orders = orders;
        this.vertx = vertx;
        this.gather = config.saga().gather().toMillis();
    }

    /** The order's reservation is final. */
    void made(UUID orderId) {
        made.add(orderId);
        if (gathering.compareAndSet(false, true)) {
            vertx.setTimer(gather, fired -> mark());
        }
    }

    private void mark() {
        gathering.set(false);
        List<UUID> ids = new ArrayList<>();
        for (UUID id = made.poll(); id != null; id = made.poll()) {
            ids.add(id);
        }
        for (int from = 0; from < ids.size(); from += AT_ONCE) {
            var unused = orders.committed(ids.subList(from, Math.min(ids.size(), from + AT_ONCE)))
                    .subscribe()
                    .with(
                            marked -> CrashPoint.reached("orders.after-commit-mark"),
                            failure -> LOG.debugf(failure, "orders are committed once more later"));
        }
    }
}
