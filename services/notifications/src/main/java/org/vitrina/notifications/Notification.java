package org.vitrina.notifications;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A notification as its user sees it.
 *
 * @param notificationId the event's id
 * @param reason why it was not sent, left out if it was or will be
 * @param sentAt left out unless it was
 */
record Notification(
        @JsonIgnore long position,
        UUID notificationId,
        String type,
        UUID orderId,
        String text,
        @Schema(
                        implementation = String.class,
                        enumeration = {"received", "sending", "sent", "suppressed", "no-phone", "dead"})
                NotificationState state,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reason,
        Instant createdAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant sentAt) {}
