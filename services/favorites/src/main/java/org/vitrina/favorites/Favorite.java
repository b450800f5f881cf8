package org.vitrina.favorites;

import io.quarkus.hibernate.reactive.panache.common.ProjectedFieldName;
import io.quarkus.runtime.annotations.RegisterForReflection;

/** A product that a user marked. */
@RegisterForReflection // made by the query
record Favorite(@ProjectedFieldName("id.productId") int productId) {}
