package org.vitrina.cache;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The copies of one cache spread over several servers; each is asked once for all its keys of a look-up, all at a time. */
final class ShardedStore<V> implements Store<V> {
    private final Shards shards;
    private final Function<CacheServer, Store<V>> make;
    private final ConcurrentHashMap<CacheServer, Store<V>> stores = new ConcurrentHashMap<>();

    ShardedStore(Shards shards, Function<CacheServer, Store<V>> make) {
        this.shards = shards;
        this.make = make;
    }

    @Override
    public long now() {
        return System.currentTimeMillis();
    }

    @Override
    public boolean isElsewhere() {
        return true;
    }

    @Override
    public void read(List<String> keys, Consumer<List<CacheEntry<V>>> then) {
        Shards.Known known = shards.known();
        Ring ring = known.ring();
        if (ring == null) {
            then.accept(Collections.nCopies(keys.size(), null));
            return;
        }
        List<List<Integer>> places = places(known, ring, keys);
        AtomicInteger asked = new AtomicInteger(1);
        List<@Nullable CacheEntry<V>> found = new ArrayList<>(Collections.nCopies(keys.size(), null));
        Runnable one = () -> {
            // the count publishes what each has written to its own places
            if (asked.decrementAndGet() == 0) {
                then.accept(found);
            }
        };
        for (int i = 0; i < places.size(); i++) {
            List<Integer> own = places.get(i);
            if (!own.isEmpty()) {
                asked.incrementAndGet();
                store(known, i).read(picked(own, keys), copies -> {
                    for (int k = 0; k < own.size(); k++) {
                        found.set(own.get(k), copies.get(k));
                    }
                    one.run();
                });
            }
        }
        one.run();
    }

    @Override
    public void write(List<String> keys, List<CacheEntry<V>> entries, Runnable done) {
        Shards.Known known = shards.known();
        Ring ring = known.ring();
        if (ring == null) {
            done.run();
            return;
        }
        List<List<Integer>> places = places(known, ring, keys);
        AtomicInteger asked = new AtomicInteger(1);
        Runnable one = () -> {
            if (asked.decrementAndGet() == 0) {
                done.run();
            }
        };
        for (int i = 0; i < places.size(); i++) {
            List<Integer> own = places.get(i);
            if (!own.isEmpty()) {
                asked.incrementAndGet();
                store(known, i).write(picked(own, keys), picked(own, entries), one);
            }
        }
        one.run();
    }

    @Override
    public void remove(String key) {
        Shards.Known known = shards.known();
        Ring ring = known.ring();
        if (ring != null) {
            store(known, ring.owner(key)).remove(key);
        }
    }

    /** For each server the indices of its keys. */
    private static List<List<Integer>> places(Shards.Known known, Ring ring, List<String> keys) {
        List<List<Integer>> places = new ArrayList<>();
        for (int i = 0; i < known.shards().size(); i++) {
            places.add(new ArrayList<>());
        }
        for (int k = 0; k < keys.size(); k++) {
            places.get(ring.owner(keys.get(k))).add(k);
        }
        return places;
    }

    private static <T> List<T> picked(List<Integer> indices, List<T> all) {
        return indices.stream().map(all::get).toList();
    }

    private Store<V> store(Shards.Known known, int index) {
        CacheServer server = known.shards().get(index).server();
        Store<V> store = stores.computeIfAbsent(server, make);
        if (stores.size() > 2 * known.shards().size()) {
            stores.keySet()
                    .retainAll(known.shards().stream().map(Shards.Shard::server).toList());
        }
        return store;
    }
}
