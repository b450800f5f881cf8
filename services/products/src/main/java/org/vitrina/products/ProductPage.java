package org.vitrina.products;

import java.util.List;

/**
 * One page of a list.
 *
 * @param products by id
 * @param more whether the next page has anything
 */
record ProductPage(List<ProductLine> products, boolean more) {
    /** @param found the products asked for and, if there is one, the next page's first */
    static ProductPage of(List<ProductLine> found, int limit) {
        boolean more = found.size() > limit;
        return new ProductPage(more ? List.copyOf(found.subList(0, limit)) : found, more);
    }

    int lastId() {
        return products.getLast().productId();
    }
}
