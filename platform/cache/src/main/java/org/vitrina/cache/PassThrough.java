package org.vitrina.cache;

import io.smallrye.mutiny.Uni;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Topology {@code off}: every call is its loader's. On the measured hot path, so answers are wrapped on demand. */
final class PassThrough<V> implements Cache<V> {

    @Override
    public Uni<Cached<V>> get(String key, Supplier<Uni<V>> loader) {
        return loader.get().map(PassThrough::loadedOrNull);
    }

    @Override
    public Uni<Many<V>> getAll(List<String> keys, Function<List<String>, Uni<Map<String, V>>> loader) {
        return loader.apply(keys).onItemOrFailure().transform(PassThrough::many);
    }

    @Override
    public Uni<Cached<V>> stale(String key) {
        return Uni.createFrom().nullItem();
    }

    @Override
    public Uni<Map<String, Cached<V>>> staleAll(List<String> keys) {
        return Uni.createFrom().item(Map.of());
    }

    @Override
    public Uni<Void> invalidate(String key) {
        return Uni.createFrom().voidItem();
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // the loader of a Cache<V> fails with a map of V
    private static <V> Many<V> many(@Nullable Map<String, V> answer, @Nullable Throwable failure) {
        if (failure instanceof PartialLoadException partial) {
            return new Many<>(new AllLoaded<>((Map<String, V>) partial.found()), partial.reason());
        }
        return new Many<>(failure == null ? new AllLoaded<>(answer) : Map.of(), failure);
    }

    @SuppressWarnings("NullAway") // a null item says that there is no such thing
    private static <V> Cached<V> loadedOrNull(@Nullable V value) {
        return value == null ? null : Cached.loaded(value);
    }

    /** A map of values seen as one of loaded values. */
    private static final class AllLoaded<V> extends AbstractMap<String, Cached<V>> {
        private final Map<String, V> values;

        AllLoaded(Map<String, V> values) {
            this.values = values;
        }

        @Override
        public @Nullable Cached<V> get(@Nullable Object key) {
            return loadedOrNull(values.get(key));
        }

        @Override
        public boolean containsKey(@Nullable Object key) {
            return values.containsKey(key);
        }

        @Override
        public Set<Map.Entry<String, Cached<V>>> entrySet() {
            return new AbstractSet<>() {
                @Override
                public Iterator<Map.Entry<String, Cached<V>>> iterator() {
                    Iterator<Map.Entry<String, V>> each = values.entrySet().iterator();
                    return new Iterator<>() {
                        @Override
                        public boolean hasNext() {
                            return each.hasNext();
                        }

                        @Override
                        public Map.Entry<String, Cached<V>> next() {
                            Map.Entry<String, V> next = each.next();
                            return Map.entry(next.getKey(), Cached.loaded(next.getValue()));
                        }
                    };
                }

                @Override
                public int size() {
                    return values.size();
                }
            };
        }
    }
}
