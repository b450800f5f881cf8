package org.vitrina.cart;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;

/**
 * How much of a product is to be in the cart.
 *
 * @param quantity pieces, 1 to 999
 */
record Quantity(@NotNull @Min(1) @Max(999) Integer quantity) {}
