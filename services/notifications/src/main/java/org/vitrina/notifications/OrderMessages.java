package org.vitrina.notifications;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What became of an order's messages, oldest first; without number and text. */
@Schema(name = "OrderMessages")
record OrderMessages(List<Fate> messages) {
    /**
     * What became of one.
     *
     * @param reason why it waits or was not sent; null otherwise
     * @param settledAt null while it waits
     */
    @Schema(name = "MessageFate")
    record Fate(
            UUID eventId,
            String type,
            String state,
            @Nullable String reason,
            int tries,
            Instant receivedAt,
            @Nullable Instant settledAt) {}
}
