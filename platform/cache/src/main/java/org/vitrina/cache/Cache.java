package org.vitrina.cache;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Read-through cache of one kind of value; never needed for an answer: no fault of the place where copies are kept
 * fails a call, it only makes it load.
 *
 * <p>Loads of one key are shared by all callers of the process (not with topology {@code off}, where every call is the
 * loader's own). A caller may cancel without touching the others; when all of them have gone the loader's Uni is
 * cancelled, unless it was made while there was a copy: then it runs to its end, and what it brings is kept. Each caller
 * gets its item on the Vert.x context on which it subscribed; the first one's loader is called on its event loop. A loader
 * may outlive the request it was made for, because others wait for it or because nobody does: it takes what it needs from
 * the request when it is <em>made</em>, not when it runs, and sets its own time limit. A call that shared a load that ended
 * in a time-out which may have been another caller's loads once more for itself.
 *
 * <p>Values are shared between callers and must not be changed.
 */
public interface Cache<V> {

    /**
     * The copy within its TTL or what the loader gives. The loader says "there is no such thing" with a {@code null}
     * item: that is remembered for the negative TTL, and the item here is {@code null} too. The loader fails, or takes
     * longer than {@code vitrina.cache.wait-for-fresh}: a copy younger than max-stale is given as {@code STALE}. Where
     * there is none: the loader's failure, and all the time that it takes.
     */
    Uni<Cached<V>> get(String key, Supplier<Uni<V>> loader);

    /**
     * Many keys in one look-up. The loader is called once, with the keys that are missing or expired and that nobody
     * else is loading, in the order given. Keys absent from its answer do not exist (as {@code null} does for
     * {@link #get}); it fails with {@link PartialLoadException} when it knows only some. Never fails for what the loader
     * did: the keys it could not give, or not early, are there as {@code STALE} where a copy is young enough.
     */
    Uni<Many<V>> getAll(List<String> keys, Function<List<String>, Uni<Map<String, V>>> loader);

    /** A look at a copy younger than its TTL or max-stale, without loading; {@code null} where there is none. */
    Uni<Cached<V>> stale(String key);

    /** The same for many keys in one look-up: those found, in the order asked. */
    Uni<Map<String, Cached<V>>> staleAll(List<String> keys);

    /** Forgets the copy; a load under way still answers its callers and is not kept. Completes without waiting. */
    Uni<Void> invalidate(String key);

    /**
     * @param found in the order asked; neither unknown keys nor those that failed without a copy are in it
     * @param failure why some could not be loaded, also where a stale copy stands in for each; null where no load
     *     was waited for to its end
     */
    record Many<V>(Map<String, Cached<V>> found, @Nullable Throwable failure) {}
}
