package org.vitrina.orders.upstream;

/**
 * What is to be reserved.
 *
 * @param quantity pieces
 */
public record ReservationItem(int productId, int quantity) {}
