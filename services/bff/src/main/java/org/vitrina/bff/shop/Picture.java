package org.vitrina.bff.shop;

import org.vitrina.bff.products.CatalogItem;

/**
 * A product's picture, drawn from its category and its id: the same product looks the same everywhere, and no file is
 * needed for it. Numbers are in the picture's own 160 × 120.
 *
 * @param hue 0 to 11: a colour of the style sheet
 * @param glyph the symbol of its category, 0 for one without
 * @param turn degrees by which the symbol leans
 */
public record Picture(
        int hue, int glyph, int largeX, int largeY, int largeSize, int smallX, int smallY, int smallSize, int turn) {
    private static final int HUES = 12;
    private static final int GLYPHS = 8;

    static Picture of(CatalogItem item) {
        return of(item.category(), item.id());
    }

    static Picture of(int category, int seed) {
        // neighbours in the catalogue must not look alike: a multiplicative hash spreads them
        int mixed = seed * 0x9E3779B9 ^ category * 0x85EBCA6B;
        return new Picture(
                Math.floorMod(category * 5 + part(mixed, 0, 2), HUES),
                category >= 1 && category <= GLYPHS ? category : 0,
                part(mixed, 3, 160),
                part(mixed, 7, 120),
                46 + part(mixed, 11, 28),
                part(mixed, 15, 160),
                part(mixed, 19, 120),
                14 + part(mixed, 23, 18),
                part(mixed, 5, 17) - 8);
    }

    private static int part(int mixed, int shift, int size) {
        return Math.floorMod(mixed >>> shift, size);
    }
}
