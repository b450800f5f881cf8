package org.vitrina.orders;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.Reason;
import org.vitrina.core.Deadline;
import org.vitrina.core.Money;
import org.vitrina.http.TimeLimit;
import org.vitrina.orders.upstream.ProductsClient;

/**
 * Reads prices for many orders at once: while a few calls are under way, orders that come wait and are then asked for
 * together. So a burst of orders is a handful of calls, a slow moment of which opens no breaker, and no price is older than
 * its order's question for it.
 *
 * <p>For orders of any event loop.
 */
@ApplicationScoped
class PriceReads {
    private static final int AT_ONCE = 4;

    /** Of an order. */
    private static final int MOST_LINES = 100;

    /** As many as products answers in one call. */
    private static final int MOST_IDS = 500;

    private final ProductsClient products;
    private final Vertx vertx;
    private final Queue<Reader> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final OrdersConfig config;

    private record Reader(
            Collection<Integer> ids,
            Deadline deadline,
            CallScope.Carried carried,
            Context home,
            UniEmitter<? super Map<Integer, Money>> emitter) {
        /** In the context of its own order: its session and its ids are kept with that. */
        void atHome(Runnable step) {
            home.runOnContext(there -> step.run());
        }
    }

    PriceReads(ProductsClient products, Vertx vertx, OrdersConfig config) {
        this.products = products;
        this.vertx = vertx;
        this.config = config;
    }

    /**
     * The present prices of these products and perhaps of others; those that the catalogue does not know are left out. Fails
     * with a {@link CallFailure}, by the deadline at the latest.
     */
    Uni<Map<Integer, Money>> prices(Collection<Integer> ids, Deadline deadline, CallScope.Carried carried) {
        Context home = Objects.requireNonNull(Vertx.currentContext());
        Uni<Map<Integer, Money>> read = Uni.createFrom().emitter(emitter -> {
            waiting.add(new Reader(ids, deadline, carried, home, emitter));
            begin();
        });
        return new TimeLimit(vertx, deadline, PriceReads::late).run(read);
    }

    private void begin() {
        while (!waiting.isEmpty()) {
            if (underWay.incrementAndGet() > AT_ONCE) {
                underWay.decrementAndGet();
                return; // whoever ends begins the next
            }
            call();
        }
    }

    private void call() {
        List<Reader> readers = new ArrayList<>();
        Set<Integer> ids = new TreeSet<>();
        Reader next;
        // an order has a hundred lines at most: one more always fits
        while (ids.size() <= MOST_IDS - MOST_LINES && (next = waiting.poll()) != null) {
            if (!next.deadline().passed()) {
                readers.add(next);
                ids.addAll(next.ids());
            }
        }
        if (readers.isEmpty()) {
            underWay.decrementAndGet();
            return;
        }
        readers.getFirst().atHome(() -> ask(readers, ids));
    }

    private void ask(List<Reader> readers, Set<Integer> ids) {
        Deadline last = Deadline.in(config.products().timeout());
        CallScope scope = CallScope.until(vertx, last, false, readers.getFirst().carried());
        var unused = products.prices(scope, ids)
                .subscribe()
                .with(
                        prices -> {
                            end();
                            readers.forEach(reader ->
                                    reader.atHome(() -> reader.emitter().complete(prices)));
                        },
                        failure -> {
                            end();
                            readers.forEach(reader ->
                                    reader.atHome(() -> reader.emitter().fail(failure)));
                        });
    }

    private void end() {
        underWay.decrementAndGet();
        begin();
    }

    private static CallFailure late() {
        return new CallFailure.Uncounted(Reason.TIMEOUT, "products: no prices before the order's deadline");
    }
}
