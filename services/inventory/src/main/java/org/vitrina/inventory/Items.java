package org.vitrina.inventory;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an order needs of the stock.
 *
 * @param items 1 to 100; those of one product are added up
 */
record Items(@NotNull @Size(min = 1, max = MOST) List<@NotNull @Valid Item> items) {
    /** As many as an order may have lines. */
    static final int MOST = 100;

    /** The same with one item a product, by product id: equal requests are written equally. */
    Items normalised() {
        SortedMap<Integer, Integer> quantities = new TreeMap<>();
        items.forEach(item -> quantities.merge(item.productId(), item.quantity(), Math::addExact));
        return new Items(quantities.entrySet().stream().map(Items::item).toList());
    }

    private static Item item(Map.Entry<Integer, Integer> entry) {
        return new Item(entry.getKey(), entry.getValue());
    }
}
