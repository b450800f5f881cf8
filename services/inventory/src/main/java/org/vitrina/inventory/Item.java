package org.vitrina.inventory;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;

/**
 * So much of a product.
 *
 * @param quantity pieces; an order may have a hundred lines of 999
 */
record Item(@NotNull @Min(1) Integer productId, @NotNull @Min(1) @Max(99_900) Integer quantity) {}
