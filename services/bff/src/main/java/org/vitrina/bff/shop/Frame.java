package org.vitrina.bff.shop;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What of a page is sent at once, whatever hangs behind it.
 *
 * @param section which entry of the navigation is this page's; empty for none
 * @param heading the page's first heading
 * @param layout which places it has: {@code list}, {@code product} or {@code plain}
 * @param places how many products of a list it has places for
 * @param notice what a form has done before it led here
 */
public record Frame(
        String language,
        int user,
        String path,
        String title,
        String heading,
        String section,
        String layout,
        int places,
        @Nullable Notice notice,
        String style,
        String script,
        String icon) {
    /**
     * A line at the top of a page.
     *
     * @param tone {@code good}, {@code bad} or {@code calm}
     */
    public record Notice(String tone, String text) {}

    /** The places' numbers, from 1. */
    public List<Integer> numbers() {
        return IntStream.rangeClosed(1, places).boxed().toList();
    }

    /** What {@code aria-current} says of the entry of the navigation that leads to {@code other}. */
    public boolean in(String other) {
        return section.equals(other);
    }
}
