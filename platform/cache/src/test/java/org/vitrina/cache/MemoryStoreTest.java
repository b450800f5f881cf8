package org.vitrina.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryStoreTest {
    private final VirtualTime time = new VirtualTime();
    private final CacheCounters counters = new CacheCounters();
    private final CacheSpec<String> spec = CacheSpec.named("things", Texts.CODEC)
            .withTtl(Duration.ofSeconds(5))
            .withMaxStale(Duration.ofSeconds(30));

    @Test
    void holdsNoMoreEntriesThanAllowed() {
        MemoryStore<String> store = new MemoryStore<>(spec, 50, 1 << 20, time, counters);
        for (int i = 0; i < 500; i++) {
            write(store, "key-" + i, "value");
        }
        assertThat(store.size()).isBetween(40L, 50L);
        assertThat(counters.evictions.sum()).isEqualTo(500 - store.size());
    }

    @Test
    void holdsNoMoreBytesThanAllowed() {
        MemoryStore<String> store = new MemoryStore<>(spec, 1000, 100_000, time, counters);
        for (int i = 0; i < 500; i++) {
            write(store, "key-" + i, "x".repeat(9_000));
        }
        assertThat(store.size()).isBetween(5L, 11L);
    }

    @Test
    void dropsCopiesThatAreOfNoUseAnyMore() {
        MemoryStore<String> store = new MemoryStore<>(spec, 1000, 100_000, time, counters);
        write(store, "a", "1");
        store.write(List.of("none"), List.of(new CacheEntry<>(null, store.now(), store.now() + 1000)), () -> {});

        time.advance(Duration.ofSeconds(1));
        assertThat(store.peek("none")).isNull();
        time.advance(Duration.ofSeconds(28));
        assertThat(store.peek("a")).isNotNull();
        time.advance(Duration.ofSeconds(1));
        assertThat(store.peek("a")).isNull();
    }

    private static void write(MemoryStore<String> store, String key, String value) {
        store.write(List.of(key), List.of(new CacheEntry<>(value, store.now(), store.now() + 5000)), () -> {});
    }
}
