package org.vitrina.e2e.orders;

import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What customers choose from: products with their prices and how many there were at the start. Some are nearly gone, and one
 * is what everybody wants.
 *
 * @param prices by product id, as products tells them
 * @param stock pieces on hand at the start, by product id
 */
record Shelf(List<Integer> products, Map<Integer, String> prices, Map<Integer, Integer> stock) {
    /** Every third choice is the first product. */
    int any(Random random) {
        return random.nextInt(3) == 0 ? products.getFirst() : products.get(random.nextInt(products.size()));
    }

    String price(int product) {
        return java.util.Objects.requireNonNull(prices.get(product));
    }
}
