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

/** The copies of one cache in the Redis beside this process, under {@code prefix:name:vN:key}. */
final class SidecarStore<V> implements Store<V> {
    private final Sidecar sidecar;
    private final Codec<V> codec;
    private final byte[] prefix;
    private final long keepMs;
    private final long negativeMs;

    SidecarStore(CacheSpec<V> spec, String keyPrefix, Sidecar sidecar) {
        this.sidecar = sidecar;
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
        if (sidecar.bypass().isOpen()) {
            sidecar.bypass().skipped.increment();
            then.accept(Collections.nCopies(keys.size(), null));
            return;
        }
        CacheEntry<V>[] found = newArray(keys.size());
        sidecar.laneHere().read(prefix, keys, new RedisPipeline.Lookup() {
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
        if (sidecar.bypass().isOpen()) {
            sidecar.bypass().droppedWrites.add(keys.size());
            done.run();
            return;
        }
        AtomicInteger batches = new AtomicInteger(1);
        Runnable oneDone = () -> {
            if (batches.decrementAndGet() == 0) {
                done.run();
            }
        };
        for (int lane = 0; lane < sidecar.laneCount(); lane++) {
            List<byte[]> names = new ArrayList<>();
            List<byte[]> values = new ArrayList<>();
            List<Long> lives = new ArrayList<>();
            for (int i = 0; i < keys.size(); i++) {
                if (sidecar.writerOf(keys.get(i)) == lane) {
                    byte[] value = EntryFormat.encode(entries.get(i), codec);
                    if (value.length <= sidecar.maxValue()) {
                        names.add(name(keys.get(i)));
                        values.add(value);
                        lives.add(entries.get(i).value() == null ? negativeMs : keepMs);
                    }
                }
            }
            if (!names.isEmpty()) {
                batches.incrementAndGet();
                sidecar.lane(lane).write(names, values, lives, oneDone);
            }
        }
        oneDone.run();
    }

    @Override
    public void remove(String key) {
        sidecar.lane(sidecar.writerOf(key)).remove(name(key));
    }

    private byte[] name(String key) {
        byte[] own = key.getBytes(StandardCharsets.UTF_8);
        byte[] name = Arrays.copyOf(prefix, prefix.length + own.length);
        System.arraycopy(own, 0, name, prefix.length, own.length);
        return name;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of the type variable cannot be made otherwise
    private static <V> @Nullable CacheEntry<V>[] newArray(int size) {
        return (CacheEntry<V>[]) new CacheEntry[size];
    }
}
