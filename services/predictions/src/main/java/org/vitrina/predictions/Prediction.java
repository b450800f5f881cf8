package org.vitrina.predictions;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What the model says of a product.
 *
 * @param validFrom when it became the latest
 */
@RegisterForReflection // kept in the cache as JSON
record Prediction(
        @Schema(minimum = "1", examples = "1") int productId,
        @Schema(examples = "150.647483") double value,
        @Schema(examples = "1") String modelVersion,
        Instant validFrom) {}
