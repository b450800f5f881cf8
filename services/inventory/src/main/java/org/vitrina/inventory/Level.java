package org.vitrina.inventory;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What can still be sold of one product.
 *
 * @param inventory on hand less reserved, never negative
 */
@RegisterForReflection // made by the query
record Level(int productId, int inventory) {}
