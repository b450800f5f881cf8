package org.vitrina.cache;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the copies of one cache are kept: the one thing in which the topologies differ. A store never throws and never
 * fails: what it cannot read is missing, what it cannot write is dropped. Nothing here may block.
 */
interface Store<V> {

    /** Milliseconds of the clock in which its entries are written. */
    long now();

    /**
     * Gives the entries in the order of the keys, {@code null} for each that is missing, once: on the calling thread
     * before returning, or later on any event loop (the caller's own where there is a choice).
     */
    void read(List<String> keys, Consumer<List<CacheEntry<V>>> then);

    /** The entry, where that can be said at once; a store that has to ask elsewhere says {@code null}. */
    default @Nullable CacheEntry<V> peek(String key) {
        return null;
    }

    /** Whether it is outside the process, so that what it has may be missing only because it was asked for too long. */
    default boolean isElsewhere() {
        return false;
    }

    /** Keeps the entries; {@code done} runs once, when a later read would see them or they were given up. */
    void write(List<String> keys, List<CacheEntry<V>> entries, Runnable done);

    void remove(String key);

    /** {@code removed} is told each key that another process has removed, before the copy here is forgotten. */
    default void listen(Consumer<String> removed) {}
}
