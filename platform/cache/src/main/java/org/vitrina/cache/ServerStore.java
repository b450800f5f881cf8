package org.vitrina.cache;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The copies of one cache in a Redis or memcached, under {@code prefix:name:vN:key}. They may be read from another server
 * than the one they are written to: its replica.
 */
final class ServerStore<V> implements Store<V> {
    private final CacheServer reads;
    private final CacheServer writes;
    private final Codec<V> codec;
    private final byte[] prefix;
    private final long keepMs;
    private final long negativeMs;

    ServerStore(CacheSpec<V> spec, String keyPrefix, CacheServer reads, CacheServer writes) {
        this.reads = reads;
        this.writes = writes;
        this.codec = spec.codec();
        this.prefix =
                (keyPrefix + ":" + spec.name() + ":v" + spec.schemaVersion() + ":").getBytes(StandardCharsets.UTF_8);
        this.keepMs = spec.keep().toMillis();
        this.negativeMs = spec.negativeTtl().toMillis();
    }

    /** The wall clock, for copies are shared with other processes and outlive this one. */
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
        // while the replica is away the server that it copies knows as much
        CacheServer asked = reads.bypass().isOpen() ? writes : reads;
        if (asked.bypass().isOpen()) {
            asked.bypass().counters.skipped.increment();
            then.accept(Collections.nCopies(keys.size(), null));
            return;
        }
        CacheEntry<V>[] found = newArray(keys.size());
        asked.laneHere().read(prefix, keys, new Lookup() {
            @Override
            public void found(int index, ByteBuf value) {
                found[index] = EntryFormat.decode(value, codec);
            }

            @Override
            public void done() {
                then.accept(Arrays.asList(found));
            }
        });
    }

    @Override
    public void write(List<String> keys, List<CacheEntry<V>> entries, Runnable done) {
        if (writes.bypass().isOpen()) {
            writes.bypass().counters.droppedWrites.add(keys.size());
            done.run();
            return;
        }
        AtomicInteger batches = new AtomicInteger(1);
        Runnable oneDone = () -> {
            if (batches.decrementAndGet() == 0) {
                done.run();
            }
        };
        for (int lane = 0; lane < writes.laneCount(); lane++) {
            List<byte[]> names = new ArrayList<>();
            List<byte[]> values = new ArrayList<>();
            List<Long> lives = new ArrayList<>();
            for (int i = 0; i < keys.size(); i++) {
                if (writes.writerOf(keys.get(i)) == lane) {
                    byte[] value = EntryFormat.encode(entries.get(i), codec);
                    if (value.length <= writes.maxValue()) {
                        names.add(writes.protocol().name(prefix, keys.get(i)));
                        values.add(value);
                        lives.add(entries.get(i).value() == null ? negativeMs : keepMs);
                    }
                }
            }
            if (!names.isEmpty()) {
                batches.incrementAndGet();
                writes.lane(lane).write(names, values, lives, oneDone);
            }
        }
        oneDone.run();
    }

    @Override
    public void remove(String key) {
        writes.lane(writes.writerOf(key)).remove(writes.protocol().name(prefix, key));
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of the type variable cannot be made otherwise
    private static <V> @Nullable CacheEntry<V>[] newArray(int size) {
        return (CacheEntry<V>[]) new CacheEntry[size];
    }
}
