package org.vitrina.predictions;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Magnitude;

/** What a caller wants a prediction from. */
@Schema(description = "Ten numbers, as a product has them.")
@SuppressWarnings("MultipleNullnessAnnotations") // null until Bean Validation, never after
record Features(
        @NotNull(message = "is required") @Size(min = COUNT, max = COUNT, message = "must be ten numbers") @Nullable
                List<
                                @NotNull(message = "must be a number")
                                @DecimalMin(value = "-" + Magnitude.INPUT, message = RANGE)
                                @DecimalMax(value = Magnitude.INPUT, message = RANGE) Double>
                        features) {
    static final int COUNT = 10;
    /** So that no prediction overflows, and nobody waits for an answer that never comes. */
    private static final String RANGE = "must be a number between -" + Magnitude.INPUT + " and " + Magnitude.INPUT;

    /** Only of an input that was found valid. */
    double[] array() {
        return Objects.requireNonNull(features).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }
}
