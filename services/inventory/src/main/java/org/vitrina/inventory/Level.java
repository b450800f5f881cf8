package org.vitrina.inventory;

/**
 * What can still be sold of one product.
 *
 * @param inventory on hand less reserved, never negative
 */
record Level(int productId, int inventory) {}
