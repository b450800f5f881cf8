package org.vitrina.cache;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/** What lies behind the caches of {@link CacheStudy}: the version of each key, and when each of the last ones was written. */
final class StudyDatabase {
    static final int KEYS = 10_000;
    private static final int REMEMBERED = 128;
    private static final int VALUE_BYTES = 1_024;

    private final AtomicIntegerArray versions = new AtomicIntegerArray(KEYS);
    private final AtomicLongArray writtenAt = new AtomicLongArray(KEYS * REMEMBERED);

    /** Of one thread only. */
    void write(int key) {
        int next = versions.get(key) + 1;
        writtenAt.set(place(key, next), System.nanoTime());
        versions.set(key, next);
    }

    /** Reads after a millisecond, answers after another. */
    Uni<Buffer> read(Vertx vertx, int key) {
        return Uni.createFrom()
                .emitter(emitter -> vertx.setTimer(1, asked -> {
                    Buffer value = Buffer.buffer(new byte[VALUE_BYTES]).setInt(0, versions.get(key));
                    vertx.setTimer(1, answered -> emitter.complete(value));
                }));
    }

    /** For how many nanoseconds there had been something newer than the value when it was asked for; 0: it was the newest. */
    long staleness(int key, Buffer value, long askedAt) {
        int next = value.getInt(0) + 1;
        return next > versions.get(key) ? 0 : Math.max(0, askedAt - writtenAt.get(place(key, next)));
    }

    private static int place(int key, int version) {
        return key * REMEMBERED + version % REMEMBERED;
    }
}
