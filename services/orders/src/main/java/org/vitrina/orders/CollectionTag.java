package org.vitrina.orders;

import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.ETags;

/**
 * What tells a user's orders, as a whole, from what they were before.
 *
 * @param version raised with every change; 0 before the first order
 * @param fingerprint a hash of the orders and their states
 */
record CollectionTag(long version, String fingerprint) {
    static final String NO_ORDERS = "0".repeat(32);

    private static final ErrorCode CHANGED = new ErrorCode("orders-changed", 412, false, "The orders have changed");
    private static final ErrorCode REQUIRED =
            new ErrorCode("precondition-required", 428, false, "Precondition required");

    /** The entity tag of the collection. */
    String etag() {
        return ETags.of(version);
    }

    /**
     * What must still be the version when the change is made; null where it may be any.
     *
     * @param ifMatch null where the caller sent none
     * @throws ProblemException 412 where the caller knows another collection than this, 428 where a condition is required
     */
    @Nullable
    Long expected(@Nullable String ifMatch, boolean required) {
        if (ifMatch == null) {
            if (required) {
                throw new ProblemException(
                        REQUIRED, "Send If-Match with the ETag or fingerprint of the orders that you know.");
            }
            return null;
        }
        if (!ETags.matches(ifMatch, etag()) && !ETags.matches(ifMatch, fingerprint)) {
            throw new ProblemException(
                    CHANGED,
                    "Your orders are not those that If-Match names any more: look at them, then decide again.",
                    java.util.Map.of("fingerprint", fingerprint),
                    java.util.Map.of("ETag", etag()));
        }
        return ifMatch.strip().equals("*") ? null : Long.valueOf(version);
    }
}
