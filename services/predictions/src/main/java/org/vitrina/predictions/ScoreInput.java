package org.vitrina.predictions;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotNull;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Magnitude;

/** What a score is to be. */
@SuppressWarnings("MultipleNullnessAnnotations") // null until Bean Validation, never after
record ScoreInput(
        @Schema(examples = "0.99")
                @NotNull(message = "is required")
                @DecimalMin(value = "-" + Magnitude.INPUT, message = RANGE)
                @DecimalMax(value = Magnitude.INPUT, message = RANGE)
                @Nullable
                Double score) {
    private static final String RANGE = "must be a number between -" + Magnitude.INPUT + " and " + Magnitude.INPUT;
}
