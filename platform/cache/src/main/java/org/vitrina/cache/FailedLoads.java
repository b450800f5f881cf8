package org.vitrina.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The loads of one cache that failed less than {@link #PAUSE} ago: the last one of each key. */
final class FailedLoads {
    /** How long after a failure a copy is answered without a wait, and from the start of one load to that of the next. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    private final Cache<String, Failed> last;
    private final LoadClock clock;

    private record Failed(long startedAt, Throwable failure) {}

    FailedLoads(long maxKeys, LoadClock clock) {
        this.clock = clock;
        this.last = Caffeine.newBuilder()
                .maximumSize(maxKeys)
                .expireAfterWrite(PAUSE)
                .ticker(clock::nanoTime)
                .executor(Runnable::run)
                .build();
    }

    /** @param startedAt when that load began, in {@link LoadClock#nanoTime} */
    void add(String key, long startedAt, Throwable failure) {
        last.put(key, new Failed(startedAt, failure));
    }

    void remove(String key) {
        last.invalidate(key);
    }

    /** What the key's last load failed with; null where it did not fail, or longer ago. */
    @Nullable
    Throwable failure(String key) {
        Failed failed = last.getIfPresent(key);
        return failed == null ? null : failed.failure;
    }

    /** Whether the key's last load that failed has begun so recently that no other may. */
    boolean forbidsAnother(String key) {
        Failed failed = last.getIfPresent(key);
        return failed != null && clock.nanoTime() - failed.startedAt < PAUSE.toNanos();
    }
}
