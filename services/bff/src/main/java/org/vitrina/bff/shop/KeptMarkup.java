package org.vitrina.bff.shop;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Supplier;

/**
 * Markup that is the same for the same data, kept as it is sent: a list of a hundred products costs a template some
 * thousand look-ups, compressing it a tenth as much again, and most visitors see the same list.
 */
@Singleton
class KeptMarkup {
    /** About fifty pages of a hundred products, plain and compressed, of a heap of 128 MiB. */
    private static final int MOST_BYTES = 4 << 20;

    private final Cache<Object, List<Markup>> kept = Caffeine.newBuilder()
            .maximumWeight(MOST_BYTES)
            .weigher((Object key, List<Markup> pieces) ->
                    pieces.stream().mapToInt(Markup::held).sum())
            // its maintenance is short; no common pool thread for it
            .executor(Runnable::run)
            .build();

    /**
     * The markup, compressed too.
     *
     * @param key equal where all is equal that the markup is made of, with a type of its own for each kind of markup
     */
    Markup of(Object key, Supplier<String> markup) {
        return pieces(key, () -> List.of(markup.get())).get(0);
    }

    /** The same in pieces, between which something else is put. */
    List<Markup> pieces(Object key, Supplier<List<String>> markup) {
        List<Markup> found = kept.getIfPresent(key);
        if (found == null) {
            // made beside the cache's lock: two at once make it twice, and none waits
            try (var blocks = new GzipBlocks()) {
                found = markup.get().stream()
                        .map(text -> Markup.of(text).compressed(blocks))
                        .toList();
            }
            kept.put(key, found);
        }
        return found;
    }
}
