package org.vitrina.orders.upstream;

/**
 * What is to be reserved.
 *
 * @param quantity pieces
 */
public record Part(int productId, int quantity) {}
