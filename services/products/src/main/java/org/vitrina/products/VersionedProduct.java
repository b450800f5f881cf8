package org.vitrina.products;

import org.vitrina.http.ETags;

/** A product and the version that its entity tag is made of. */
record VersionedProduct(Product product, long version) {
    static VersionedProduct of(int id, ProductEntity entity) {
        return new VersionedProduct(
                new Product(id, entity.name(), entity.price(), entity.categoryId(), entity.features()),
                entity.version());
    }

    String etag() {
        return ETags.of(version);
    }
}
