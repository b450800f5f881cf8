package org.vitrina.cache;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Copies in this process that other processes may invalidate. */
final class ReplicatedStore<V> implements Store<V> {
    private final MemoryStore<V> memory;
    private final Consumer<String> publish;
    private Consumer<String> listener = key -> {};
    /** What was stored before is beyond its life: an invalidation may have been missed. */
    private volatile long believedSince = Long.MIN_VALUE;

    ReplicatedStore(MemoryStore<V> memory, Consumer<String> publish) {
        this.memory = memory;
        this.publish = publish;
    }

    @Override
    public long now() {
        return memory.now();
    }

    @Override
    public void read(List<String> keys, Consumer<List<CacheEntry<V>>> then) {
        memory.read(
                keys,
                copies -> then.accept(
                        believedSince == Long.MIN_VALUE
                                ? copies
                                : copies.stream().map(this::judged).toList()));
    }

    @Override
    public @Nullable CacheEntry<V> peek(String key) {
        return judged(memory.peek(key));
    }

    private @Nullable CacheEntry<V> judged(@Nullable CacheEntry<V> copy) {
        return copy == null || copy.storedAt() >= believedSince
                ? copy
                : new CacheEntry<>(copy.value(), copy.storedAt(), copy.storedAt());
    }

    @Override
    public void write(List<String> keys, List<CacheEntry<V>> entries, Runnable done) {
        memory.write(keys, entries, done);
    }

    @Override
    public void remove(String key) {
        memory.remove(key);
        publish.accept(key);
    }

    @Override
    public void listen(Consumer<String> removed) {
        listener = removed;
    }

    void removedElsewhere(String key) {
        // a load under way first: what it brings may be older than the invalidation
        listener.accept(key);
        memory.remove(key);
    }

    void doubtAll() {
        believedSince = now() + 1;
    }
}
