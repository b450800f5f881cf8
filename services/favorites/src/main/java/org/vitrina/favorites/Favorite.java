package org.vitrina.favorites;

import io.quarkus.hibernate.reactive.panache.common.ProjectedFieldName;

/** A product that a user marked. */
record Favorite(@ProjectedFieldName("id.productId") int productId) {}
