package org.vitrina.orders;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Money;

/** A line as the buyer sends it: the price is the one that they saw, and the order stands only if it is still right. */
@SuppressWarnings("MultipleNullnessAnnotations") // null until Bean Validation, never after
record LineInput(
        @NotNull(message = "is required") @Min(value = 1, message = "must be a positive integer") @Nullable Integer id,
        @Schema(
                        implementation = String.class,
                        description = "Roubles: digits with at most two decimals, as a string or a number.",
                        pattern = "^[0-9]{1,12}(\\.[0-9]{1,2})?$",
                        examples = "2500.00")
                @NotNull(message = "is required")
                @Nullable
                Money price,
        @Schema(defaultValue = "1")
                @Min(value = 1, message = NewOrder.QUANTITY)
                @Max(value = NewOrder.MOST_PIECES, message = NewOrder.QUANTITY)
                @Nullable
                Integer quantity) {}
