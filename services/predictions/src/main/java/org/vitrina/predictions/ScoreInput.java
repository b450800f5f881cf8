package org.vitrina.predictions;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotNull;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What a score is to be. */
@SuppressWarnings("MultipleNullnessAnnotations") // null until Bean Validation, never after
record ScoreInput(
        @Schema(examples = "0.99")
                @NotNull(message = "is required")
                @DecimalMin(value = "-1.7976931348623157E308", message = FINITE)
                @DecimalMax(value = "1.7976931348623157E308", message = FINITE)
                @Nullable
                Double score) {
    private static final String FINITE = "must be a finite number";
}
