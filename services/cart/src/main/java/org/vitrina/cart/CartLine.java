package org.vitrina.cart;

import io.quarkus.hibernate.reactive.panache.common.ProjectedFieldName;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A product in a cart.
 *
 * @param quantity pieces, 1 to 999
 */
@RegisterForReflection // made by the query
record CartLine(@ProjectedFieldName("id.productId") int productId, int quantity) {}
