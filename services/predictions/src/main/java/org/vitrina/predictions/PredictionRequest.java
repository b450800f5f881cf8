package org.vitrina.predictions;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A prediction that a caller asked for.
 *
 * @param status {@code pending} or {@code done}
 * @param value left out while pending
 * @param modelVersion left out while pending
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PredictionRequest(UUID requestId, String status, @Nullable Double value, @Nullable String modelVersion) {
    /** @param value null while there is none */
    static PredictionRequest of(UUID id, @Nullable Double value, @Nullable String modelVersion) {
        return new PredictionRequest(id, value == null ? "pending" : "done", value, modelVersion);
    }
}
