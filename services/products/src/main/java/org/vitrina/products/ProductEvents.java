package org.vitrina.products;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.vitrina.identity.CurrentCaller;
import org.vitrina.messaging.Outbox;
import org.vitrina.messaging.OutgoingEvent;

/** Tells of products that were changed, by the outbox: in the transaction of the change, whether the broker is there or not. */
@ApplicationScoped
class ProductEvents {
    static final String QUEUE = "products.changed";
    private static final String TO_QUEUE = "";

    private final Outbox outbox;
    private final CurrentCaller callers;
    private final ObjectMapper json;

    ProductEvents(Outbox outbox, CurrentCaller callers, ObjectMapper json) {
        this.outbox = outbox;
        this.callers = callers;
        this.json = json;
    }

    /** Must be part of the transaction that made or changed the product. */
    Uni<Void> changed(VersionedProduct product) {
        return add(ProductChanged.of(product, callers.actor()));
    }

    /** Must be part of the transaction that deletes the product. */
    Uni<Void> deleted(VersionedProduct last) {
        return add(ProductChanged.deleted(last, callers.actor()));
    }

    private Uni<Void> add(ProductChanged event) {
        try {
            return outbox.add(new OutgoingEvent(
                    event.eventId(), TO_QUEUE, QUEUE, event.orderingKey(), json.writeValueAsString(event)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event is always writable", e);
        }
    }
}
