package org.vitrina.orders;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Money;

/**
 * An order as it stands.
 *
 * @param sequence counts a user's orders, from 1
 * @param requestKey the idempotency key that it was placed with
 * @param revision counts the changes of its status, from 1
 * @param reason slug of why it is being, or was, rejected; null otherwise
 * @param about what the reason names; empty where it names nothing
 * @param attempts tries of the step beyond the first
 * @param overdue whether it is older than an order may get without debit and reservation
 * @param traceparent what carries the trace of the request that placed it; null where that was not recorded
 */
record Order(
        UUID id,
        int userId,
        long sequence,
        String requestKey,
        Status status,
        int revision,
        List<Line> lines,
        Money total,
        String shippingTo,
        @Nullable String reason,
        String about,
        Step step,
        int attempts,
        boolean overdue,
        Instant createdAt,
        @Nullable String traceparent) {
    Order with(Status next) {
        return new Order(
                id,
                userId,
                sequence,
                requestKey,
                next,
                revision,
                lines,
                total,
                shippingTo,
                reason,
                about,
                step,
                attempts,
                overdue,
                createdAt,
                traceparent);
    }

    /** As it is right after its buyer has called it off. */
    Order cancelling() {
        return new Order(
                id,
                userId,
                sequence,
                requestKey,
                Status.CANCELLING,
                revision + 1,
                lines,
                total,
                shippingTo,
                null,
                "",
                Step.COMPENSATE,
                0,
                overdue,
                createdAt,
                traceparent);
    }
}
