package org.vitrina.orders.upstream;

import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What became of the message about an event.
 *
 * @param state as notifications has it, such as {@code sent}
 * @param reason why it waits or was not sent; null otherwise
 * @param settledAt null while it waits
 */
@Schema(name = "MessageFate")
public record MessageFate(
        UUID eventId,
        String type,
        String state,
        @Nullable String reason,
        int tries,
        Instant receivedAt,
        @Nullable Instant settledAt) {}
