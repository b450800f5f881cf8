package org.vitrina.persistence.trail;

import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One deed.
 *
 * @param position rises; the cursor of pages
 * @param actor a user's id, a service's name, {@code anybody} with authentication off; with {@code database:} a role that
 *     changed a table by itself
 * @param traceId of the request that did it, as its line in the log has it; null where there was none
 * @param action in one word, such as {@code top-up}
 * @param subject what it was done to, such as {@code product 7}
 * @param userId whose that is; null where it is no user's
 * @param detail such as an amount, or a value before and after
 */
@Schema(name = "AuditEntry")
public record AuditEntry(
        @Schema(minimum = "1") long position,
        Instant doneAt,
        String actor,
        @Nullable String traceId,
        String action,
        String subject,
        @Nullable Integer userId,
        String detail) {}
