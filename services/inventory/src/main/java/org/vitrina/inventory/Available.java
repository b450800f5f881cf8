package org.vitrina.inventory;

/**
 * What can still be sold of a product.
 *
 * @param inventory on hand less reserved, never negative
 */
record Available(int inventory) {}
