package org.vitrina.bff.shop;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a page is sent at once, whatever hangs behind it.
 *
 * @param section which entry of the navigation is this page's; empty for none
 * @param heading the page's first heading
 * @param layout which places it has: {@code list}, {@code product} or {@code plain}
 * @param facts places for declared parts of the user
 * @param notice what a form has done before it led here
 * @param keeper whether there is a page for whoever keeps the shop
 */
public record Frame(
        String language,
        int user,
        String path,
        String title,
        String heading,
        String section,
        String layout,
        List<Fact> facts,
        @Nullable Notice notice,
        String style,
        String script,
        String icon,
        boolean keeper) {
    /**
     * A line at the top of a page.
     *
     * @param tone {@code good}, {@code bad} or {@code calm}
     */
    public record Notice(String tone, String text) {}

    /**
     * A place for a product of a list.
     *
     * @param number from 1
     * @param facts places for declared parts of the product
     */
    public record Place(int number, List<Fact> facts) {}

    /**
     * A place for what a declared part says.
     *
     * @param slot the place's name
     * @param label what people call the part
     */
    public record Fact(String slot, String label) {}

    /** What {@code aria-current} says of the entry of the navigation that leads to {@code other}. */
    public boolean in(String other) {
        return section.equals(other);
    }
}
