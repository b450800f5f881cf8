package org.vitrina.bff.shop;

import org.jspecify.annotations.Nullable;
import org.vitrina.cache.Cached;

/**
 * What can still be sold of a product, in words.
 *
 * @param place the product's number on the page, from 1
 * @param state {@code in}, {@code few}, {@code out} or {@code unknown}: its colour
 */
public record StockLine(int place, String state, String text) {
    private static final int FEW = 5;

    /** @param level null where it is not known */
    static StockLine of(int place, @Nullable Cached<Integer> level, Visit visit) {
        Messages words = visit.words();
        if (level == null) {
            return new StockLine(place, "unknown", words.stockUnknown());
        }
        int left = level.value();
        String state = left == 0 ? "out" : left <= FEW ? "few" : "in";
        String text = left == 0 ? words.soldOut() : left <= FEW ? words.fewLeft(left) : words.inStock(left);
        return level.origin() == Cached.Origin.STALE
                ? new StockLine(place, state, words.asOf(text, Formats.age(level.age(), visit)))
                : new StockLine(place, state, text);
    }
}
