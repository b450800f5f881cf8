package org.vitrina.notifications;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A notification that this process may try now.
 *
 * @param event the event's JSON, for the dead letter
 * @param unsure whether the provider may have it from an earlier try
 * @param tries earlier ones, whatever came of them
 * @param refusals earlier tries to which the provider said no
 * @param heldBy what says that it is still ours
 * @param traceparent what carries its event's trace; null where that was not recorded
 */
record Claimed(
        long position,
        UUID eventId,
        String type,
        UUID orderId,
        String phone,
        String text,
        String event,
        boolean unsure,
        int tries,
        int refusals,
        UUID heldBy,
        @Nullable String traceparent) {}
