package org.vitrina.orders;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.vitrina.core.Money;

/**
 * A product in an order.
 *
 * @param price of one piece, at acceptance
 * @param quantity pieces, 1 to 999
 */
@Schema(name = "OrderLine")
record Line(int id, @Schema(implementation = String.class, examples = "2500.00") Money price, int quantity) {}
