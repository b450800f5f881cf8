package org.vitrina.predictions;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of a classifier: the weights of its regularisation.
 *
 * @param l1 left out if it has none
 * @param l2 left out if it has none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Classifier(
        @Schema(minimum = "1") int id,
        @JsonProperty("L1") @Schema(examples = "0.99") @Nullable Double l1,
        @JsonProperty("L2") @Schema(examples = "0.99") @Nullable Double l2) {}
