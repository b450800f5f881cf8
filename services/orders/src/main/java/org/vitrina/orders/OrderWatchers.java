package org.vitrina.orders;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.vitrina.http.EventWatchers;
import org.vitrina.runtime.Draining;

/** Tells watchers how their orders change; a state that comes and goes between two looks is left out. */
@ApplicationScoped
class OrderWatchers {
    private final OrderRepository orders;
    private final EventWatchers<UUID, Order> watchers;

    OrderWatchers(OrderRepository orders, Draining draining, Vertx vertx, OrdersConfig config) {
        this.orders = orders;
        this.watchers = new EventWatchers<>(new States(), draining, vertx, config.events());
    }

    /**
     * The order's states from the present one on.
     *
     * @param last id of the last event that the caller has; null where it has none
     */
    Multi<OutboundSseEvent> stream(int userId, UUID id, @Nullable String last, Sse sse) {
        return orders.find(userId, id).onItem().transformToMulti(found -> {
            Order present = found.order();
            return present == null
                    ? Multi.createFrom().empty()
                    : watchers.stream(present.id(), List.of(present), last, sse);
        });
    }

    /** Orders, numbered by the changes of their status. */
    private final class States implements EventWatchers.Source<UUID, Order> {
        @Override
        public Uni<List<Order>> after(Map<UUID, Long> known) {
            return orders.all(known.keySet());
        }

        @Override
        public UUID watched(Order order) {
            return order.id();
        }

        @Override
        public long number(Order order) {
            return order.revision();
        }

        @Override
        public OutboundSseEvent.Builder event(Order order, Sse sse) {
            return sse.newEventBuilder()
                    .name("order." + order.status().text())
                    .mediaType(MediaType.APPLICATION_JSON_TYPE)
                    .data(OrderView.of(order));
        }
    }
}
