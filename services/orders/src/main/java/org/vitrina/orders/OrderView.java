package org.vitrina.orders;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Money;

/**
 * An order as it is answered.
 *
 * @param sequence counts the user's orders, from 1
 * @param reason of a rejected one: the end of the problem type that says why
 */
@Schema(name = "Order")
record OrderView(
        UUID orderId,
        @Schema(
                        implementation = String.class,
                        enumeration = {"pending", "confirmed", "rejected", "cancelling", "cancelled"})
                Status status,
        List<Line> products,
        @Schema(implementation = String.class, examples = "5000.00") Money total,
        String shippingTo,
        Instant createdAt,
        long sequence,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reason) {
    static OrderView of(Order order) {
        return new OrderView(
                order.id(),
                order.status(),
                order.lines(),
                order.total(),
                order.shippingTo(),
                order.createdAt(),
                order.sequence(),
                order.status() == Status.REJECTED ? order.reason() : null);
    }
}
