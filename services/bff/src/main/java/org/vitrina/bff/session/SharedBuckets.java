package org.vitrina.bff.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * The token buckets of one limit, refilled evenly. They are this replica's own, so that nobody waits for a count; what the other
 * replicas have taken meanwhile is taken out of them afterwards, when all have told it to the shared Redis.
 */
final class SharedBuckets {
    private static final int MOST_BUCKETS = 100_000;
    private static final String KEY = "vitrina:limit:";

    private final String name;
    private final int most;
    private final Duration window;
    private final Cache<String, Counted> buckets;

    SharedBuckets(String name, int most, Duration window) {
        this.name = name;
        this.most = most;
        this.window = window;
        // one from which nobody has taken for a window is full, and is forgotten
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MOST_BUCKETS)
                .expireAfterAccess(window)
                .executor(Runnable::run)
                .build();
    }

    /** A bucket, what was taken from it here since that was told, and what all had taken then. */
    private static final class Counted {
        private static final long NOT_TOLD = -1;

        private final Bucket bucket;
        private final AtomicLong untold = new AtomicLong();
        private volatile long toldByAll = NOT_TOLD;

        Counted(Bucket bucket) {
            this.bucket = bucket;
        }
    }

    String name() {
        return name;
    }

    int most() {
        return most;
    }

    boolean isOn() {
        return most > 0;
    }

    long seconds() {
        return window.toSeconds();
    }

    String policy() {
        return "\"" + name + "\";q=" + most + ";w=" + seconds();
    }

    ConsumptionProbe take(String key) {
        Counted counted = buckets.get(
                key,
                any -> new Counted(Bucket.builder()
                        .addLimit(limit -> limit.capacity(most).refillGreedy(most, window))
                        .build()));
        ConsumptionProbe taken = counted.bucket.tryConsumeAndReturnRemaining(1);
        if (taken.isConsumed()) {
            counted.untold.incrementAndGet();
        }
        return taken;
    }

    /**
     * Tells the others what was taken here, and takes what they have taken.
     *
     * @param count adds to a count that all replicas share, and says how large it is now
     */
    void share(SharedCount count) {
        List<String> keys = new ArrayList<>(buckets.asMap().keySet());
        for (String key : keys) {
            Counted counted = buckets.policy().getIfPresentQuietly(key);
            if (counted == null) {
                continue;
            }
            long own = counted.untold.getAndSet(0);
            if (own > 0 || counted.toldByAll != Counted.NOT_TOLD) {
                count.add(KEY + name + ":" + key, own, window.multipliedBy(2), now -> {
                    long before = counted.toldByAll;
                    // a count that has begun anew since, or that is seen for the first time, says nothing of this
                    // window
                    long others = before == Counted.NOT_TOLD || now < before + own ? 0 : now - before - own;
                    counted.toldByAll = now;
                    if (others > 0) {
                        counted.bucket.tryConsumeAsMuchAsPossible(others);
                    }
                });
            }
        }
    }

    /** Of {@link SharedState}; where it does not answer, nothing is told. */
    @FunctionalInterface
    interface SharedCount {
        void add(String key, long some, Duration life, LongConsumer then);
    }
}
