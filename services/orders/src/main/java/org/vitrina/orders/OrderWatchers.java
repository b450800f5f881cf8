package org.vitrina.orders;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.vitrina.runtime.Draining;

/**
 * Tells watchers how their orders change. The database is the source, so that it does not matter which replica does the
 * change; one statement looks at all watched orders, however many watch.
 */
@ApplicationScoped
class OrderWatchers {
    private static final Logger LOG = Logger.getLogger(OrderWatchers.class);

    /** When a reader whose stream we end should come back. */
    private static final Duration RECONNECT = Duration.ofSeconds(1);

    private final OrderRepository orders;
    private final Draining draining;
    private final Vertx vertx;
    private final long poll;
    private final long heartbeat;
    private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean polling = new AtomicBoolean();

    OrderWatchers(OrderRepository orders, Draining draining, Vertx vertx, OrdersConfig config) {
        this.orders = orders;
        this.draining = draining;
        this.vertx = vertx;
        this.poll = config.events().poll().toMillis();
        this.heartbeat = config.events().heartbeat().toMillis();
    }

    /**
     * The order's states from the present one on; one that comes and goes between two looks is left out.
     *
     * @param last id of the last event that the caller has; null where it has none
     */
    Multi<OutboundSseEvent> stream(int userId, UUID id, @Nullable String last, Sse sse) {
        return orders.find(userId, id).onItem().transformToMulti(found -> {
            Order present = found.order();
            // LATEST: a reader that is too slow misses states instead of making us keep them.
            return present == null
                    ? Multi.createFrom().empty()
                    : Multi.createFrom()
                            .emitter(stream -> open(present, last, sse, stream), BackPressureStrategy.LATEST);
        });
    }

    private void open(Order present, @Nullable String last, Sse sse, MultiEmitter<? super OutboundSseEvent> stream) {
        var watcher = new Watcher(present.id(), sse, stream);
        if (last == null || !last.strip().equals(Integer.toString(present.revision()))) {
            watcher.told(present);
        } else {
            watcher.revision = present.revision();
            // the head of the answer leaves with the first event
            stream.emit(sse.newEventBuilder().comment("alive").build());
        }
        watchers.add(watcher);
        long beats = vertx.setPeriodic(heartbeat, fired -> watcher.alive());
        var ending = draining.whenBegun().subscribe().with(begun -> {
            stream.emit(sse.newEventBuilder()
                    .reconnectDelay(RECONNECT.toMillis())
                    .comment("ending")
                    .build());
            stream.complete();
        });
        stream.onTermination(() -> {
            watchers.remove(watcher);
            vertx.cancelTimer(beats);
            ending.cancel();
        });
        startPolling();
    }

    private void startPolling() {
        if (polling.compareAndSet(false, true)) {
            vertx.setTimer(poll, fired -> look());
        }
    }

    private void look() {
        Set<UUID> ids = watchers.stream().map(watcher -> watcher.orderId).collect(Collectors.toSet());
        if (ids.isEmpty()) {
            polling.set(false);
            // one may have come between the two lines
            if (!watchers.isEmpty()) {
                startPolling();
            }
            return;
        }
        var unused = orders.all(ids)
                .subscribe()
                .with(
                        found -> {
                            for (Order order : found) {
                                for (Watcher watcher : watchers) {
                                    if (watcher.orderId.equals(order.id())) {
                                        watcher.told(order);
                                    }
                                }
                            }
                            vertx.setTimer(poll, fired -> look());
                        },
                        failure -> {
                            LOG.debugf(failure, "watched orders cannot be looked at");
                            vertx.setTimer(poll, fired -> look());
                        });
    }

    /** One open stream. */
    private static final class Watcher {
        private final UUID orderId;
        private final Sse sse;
        private final MultiEmitter<? super OutboundSseEvent> stream;
        private volatile int revision;

        Watcher(UUID orderId, Sse sse, MultiEmitter<? super OutboundSseEvent> stream) {
            this.orderId = orderId;
            this.sse = sse;
            this.stream = stream;
        }

        void told(Order order) {
            if (order.revision() > revision) {
                revision = order.revision();
                stream.emit(sse.newEventBuilder()
                        .id(Integer.toString(order.revision()))
                        .name("order." + order.status().text())
                        .mediaType(MediaType.APPLICATION_JSON_TYPE)
                        .data(OrderView.of(order))
                        .build());
            }
        }

        void alive() {
            // never in place of a state that the reader has not taken yet
            if (stream.requested() > 0) {
                stream.emit(sse.newEventBuilder().comment("alive").build());
            }
        }
    }
}
