package org.vitrina.orders;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import org.vitrina.orders.upstream.MessageFate;

/**
 * An order as an operator sees it; nothing in it is personal but the user's id.
 *
 * @param reason why it is being, or was, rejected; null otherwise
 * @param waits what is still to be done, by whom, and when it is tried next; null where nothing is
 * @param steps what it has been through, oldest first; of an order from before they were kept those since
 * @param events that are not known to have been taken; those that are taken are not listed
 * @param messages what became of its SMS, as notifications says; null where it did not say
 * @param messagesMissing why it did not say; null where it did
 */
@Schema(name = "OrderHistory")
record OrderHistory(
        UUID orderId,
        int userId,
        String status,
        Instant createdAt,
        @Nullable String reason,
        @Nullable Waits waits,
        List<Ended> steps,
        List<Event> events,
        @Nullable List<MessageFate> messages,
        @Nullable String messagesMissing) {
    /**
     * What holds it up.
     *
     * @param step {@code charge}, {@code commit} or {@code compensate}
     * @param on the services that have not answered yet
     * @param tries beyond the first
     * @param nextAt when somebody takes it up again, if whoever leads it now does not finish it
     */
    @Schema(name = "OrderWaits")
    record Waits(String step, List<String> on, int tries, Instant nextAt) {}

    /**
     * A step, with the status that the order had, and when that ended.
     *
     * @param ledBy the instance that led the order on, such as {@code orders@host/7}; null where it is not known
     */
    @Schema(name = "OrderStepEnded")
    record Ended(String step, String status, int tries, Instant endedAt, @Nullable String ledBy) {}

    /**
     * An event on its way.
     *
     * @param state {@code outbox}: the broker does not have it; {@code sent}: it has; {@code denied}: notifications says that it has not come
     * @param since when it came to this state
     */
    @Schema(name = "OrderEventOut")
    record Event(UUID eventId, String type, String state, Instant since) {}

    OrderHistory with(List<MessageFate> said) {
        return new OrderHistory(orderId, userId, status, createdAt, reason, waits, steps, events, said, null);
    }

    OrderHistory without(String why) {
        return new OrderHistory(orderId, userId, status, createdAt, reason, waits, steps, events, null, why);
    }
}
