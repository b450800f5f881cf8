package org.vitrina.cart;

import io.quarkus.hibernate.reactive.panache.common.ProjectedFieldName;

/**
 * A product in a cart.
 *
 * @param quantity pieces, 1 to 999
 */
record CartLine(@ProjectedFieldName("id.productId") int productId, int quantity) {}
