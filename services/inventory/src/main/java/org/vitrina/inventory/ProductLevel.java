package org.vitrina.inventory;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * One product's place in the answer to a batch.
 *
 * @param inventory what can be sold, null if that is not known
 * @param reason why it is not known, left out if it is
 */
record ProductLevel(
        int productId,
        @Nullable Integer inventory,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Reason reason) {

    /** Why a level is missing. */
    enum Reason {
        /** Nobody ever set a level for this product. */
        @JsonProperty("unknown")
        UNKNOWN,
        /** It did not come in time. */
        @JsonProperty("timeout")
        TIMEOUT
    }
}
