package org.vitrina.cache;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Copies in this process, bounded by entries and by encoded bytes. Its clock is monotonic, so that a jump of the wall
 * clock neither ages nor rejuvenates a copy.
 */
final class MemoryStore<V> implements Store<V> {
    /** What a copy costs beside its bytes, by and large: key, node, entry, value object. */
    private static final int OVERHEAD_BYTES = 160;

    private final com.github.benmanes.caffeine.cache.Cache<String, Weighed<V>> copies;
    private final Codec<V> codec;
    private final Ticker ticker;

    MemoryStore(CacheSpec<V> spec, long maxEntries, long maxBytes, Ticker ticker, CacheCounters counters) {
        this.codec = spec.codec();
        this.ticker = ticker;
        Duration keep = spec.keep();
        Duration keepNegative = spec.negativeTtl();
        // Caffeine bounds either by number or by weight: with this least weight one bound is both
        int leastWeight = (int) Math.min(Integer.MAX_VALUE, Math.max(1, maxBytes / maxEntries));
        this.copies = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((String key, Weighed<V> copy) -> Math.max(leastWeight, copy.bytes))
                .expireAfter(Expiry.<String, Weighed<V>>writing(
                        (key, copy) -> copy.entry.value() == null ? keepNegative : keep))
                .evictionListener((key, copy, cause) -> counters.evictions.increment())
                .ticker(ticker)
                // its maintenance is short; no common pool thread for it
                .executor(Runnable::run)
                .build();
    }

    @Override
    public long now() {
        return TimeUnit.NANOSECONDS.toMillis(ticker.read());
    }

    @Override
    public void read(List<String> keys, Consumer<List<CacheEntry<V>>> then) {
        if (keys.size() == 1) {
            then.accept(Collections.singletonList(peek(keys.get(0))));
            return;
        }
        List<CacheEntry<V>> found = new ArrayList<>(keys.size());
        for (String key : keys) {
            found.add(peek(key));
        }
        then.accept(found);
    }

    @Override
    @SuppressWarnings("NullAway") // null is what it says
    public @Nullable CacheEntry<V> peek(String key) {
        Weighed<V> copy = copies.getIfPresent(key);
        return copy == null ? null : copy.entry;
    }

    @Override
    public void write(List<String> keys, List<CacheEntry<V>> entries, Runnable done) {
        for (int i = 0; i < keys.size(); i++) {
            V value = entries.get(i).value();
            int bytes = OVERHEAD_BYTES + keys.get(i).length() + (value == null ? 0 : codec.encode(value).length);
            copies.put(keys.get(i), new Weighed<>(entries.get(i), bytes));
        }
        done.run();
    }

    @Override
    public void remove(String key) {
        copies.invalidate(key);
    }

    /** After due maintenance. */
    long size() {
        copies.cleanUp();
        return copies.estimatedSize();
    }

    private record Weighed<V>(CacheEntry<V> entry, int bytes) {}
}
