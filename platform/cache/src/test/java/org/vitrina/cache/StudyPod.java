package org.vitrina.cache;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.impl.VertxInternal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** One pod of {@link CacheStudy}: an event loop and a cache of its own, asked on that loop. */
final class StudyPod implements AutoCloseable {
    static final Duration TTL = Duration.ofSeconds(1);

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Context context = ((VertxInternal) vertx).createEventLoopContext();
    private final StudyDatabase database;
    private final Caches caches;
    private final Cache<Buffer> cache;
    private final LongAdder loads = new LongAdder();
    /** Of the event loop. */
    private StudyCounts counts = new StudyCounts();

    StudyPod(StudyDatabase database, String[] settings) {
        this.database = database;
        this.caches = new Caches(Settings.of(settings), new SimpleMeterRegistry(), vertx);
        caches.start(new StartupEvent());
        this.cache = caches.create(CacheSpec.named("study", Codec.buffer())
                .withTtl(TTL)
                .withMaxStale(Duration.ofMinutes(10))
                .withBounds(StudyDatabase.KEYS, 64L << 20));
    }

    /** @param due when the answer was to be asked for, by {@link System#nanoTime} */
    void ask(int key, long due) {
        context.runOnContext(now -> {
            long asked = System.nanoTime();
            var unused = cache.get(Integer.toString(key), () -> load(key))
                    .subscribe()
                    .with(
                            answer -> counts.answered(
                                    answer.origin() != Cached.Origin.LOADED,
                                    System.nanoTime() - due,
                                    database.staleness(key, answer.value(), asked)),
                            failure -> counts.failed());
        });
    }

    private Uni<Buffer> load(int key) {
        loads.increment();
        return database.read(vertx, key);
    }

    void invalidate(int key) {
        context.runOnContext(now -> {
            var unused = cache.invalidate(Integer.toString(key)).subscribe().with(done -> {});
        });
    }

    /** What was counted since it was asked for before. */
    StudyCounts counted() throws Exception {
        CompletableFuture<StudyCounts> counted = new CompletableFuture<>();
        context.runOnContext(now -> {
            counted.complete(counts);
            counts = new StudyCounts();
        });
        return counted.get(30, TimeUnit.SECONDS);
    }

    /** Reads of the database so far. */
    long loads() {
        return loads.sum();
    }

    @Override
    public void close() {
        caches.stop();
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }
}
