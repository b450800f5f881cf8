package org.vitrina.predictions;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What a caller wants a prediction from. */
@Schema(description = "Ten numbers, as a product has them.")
@SuppressWarnings("MultipleNullnessAnnotations") // null until Bean Validation, never after
record Features(
        @NotNull(message = "is required") @Size(min = COUNT, max = COUNT, message = "must be ten numbers") @Nullable
                List<
                                @NotNull(message = "must be a number")
                                @DecimalMin(value = "-" + LARGEST, message = RANGE)
                                @DecimalMax(value = LARGEST, message = RANGE) Double>
                        features) {
    static final int COUNT = 10;
    /** Far beyond any feature, and far from where a prediction would overflow, so that nobody waits for an answer that never comes. */
    private static final String LARGEST = "1E100";

    private static final String RANGE = "must be a number between -1E100 and 1E100";

    /** Only of an input that was found valid. */
    double[] array() {
        return Objects.requireNonNull(features).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }
}
