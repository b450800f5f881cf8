package org.vitrina.inventory;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;

/**
 * The stock counted in the warehouse.
 *
 * @param inventory pieces on hand, reserved ones included
 */
record OnHand(@NotNull @PositiveOrZero Integer inventory) {}
