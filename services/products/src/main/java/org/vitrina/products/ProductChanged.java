package org.vitrina.products;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The event {@code product.changed}: what others must know of a product that is new, was changed or is gone.
 *
 * @param version of the product; of two events of a product the one with the higher version is the later one
 * @param features what a prediction is made from, null if the product has none (any more)
 * @param deleted whether it was taken off sale for good
 * @param actor who did it: a user's id, or a service's name
 */
@RegisterForReflection
record ProductChanged(
        UUID eventId,
        int productId,
        long version,
        int categoryId,
        @Nullable List<Double> features,
        boolean deleted,
        String actor) {
    private static final String TYPE = "product.changed";

    static ProductChanged of(VersionedProduct changed, String actor) {
        Product product = changed.product();
        return new ProductChanged(
                UUID.randomUUID(),
                product.productId(),
                changed.version(),
                product.categoryId(),
                product.features(),
                false,
                actor);
    }

    /** No row is left that could carry a version: the next one after the last. */
    static ProductChanged deleted(VersionedProduct last, String actor) {
        Product product = last.product();
        return new ProductChanged(
                UUID.randomUUID(), product.productId(), last.version() + 1, product.categoryId(), null, true, actor);
    }

    /** The event's name, for readers of queues. */
    @JsonProperty
    String type() {
        return TYPE;
    }

    /** Events of one product are sent in order. */
    String orderingKey() {
        return "product " + productId;
    }
}
