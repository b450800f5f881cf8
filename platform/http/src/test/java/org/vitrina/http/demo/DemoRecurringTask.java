package org.vitrina.http.demo;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.vitrina.runtime.RecurringTask;

/** Counts its turns, and those that ran at the same time as another. */
@Singleton
public class DemoRecurringTask implements RecurringTask {
    public static final AtomicInteger TURNS = new AtomicInteger();
    public static final AtomicInteger OVERLAPS = new AtomicInteger();
    public static volatile boolean fails;
    public static volatile boolean hangs;

    private static final AtomicInteger RUNNING = new AtomicInteger();

    @Override
    public String name() {
        return "demo work";
    }

    @Override
    public Duration every() {
        return Duration.ofMillis(30);
    }

    @Override
    public Uni<?> work() {
        TURNS.incrementAndGet();
        if (RUNNING.incrementAndGet() > 1) {
            OVERLAPS.incrementAndGet();
        }
        if (fails) {
            RUNNING.decrementAndGet();
            throw new IllegalStateException("not today");
        }
        if (hangs) {
            RUNNING.decrementAndGet();
            return Uni.createFrom().nothing();
        }
        return Uni.createFrom()
                .item(1)
                .onItem()
                .delayIt()
                .by(Duration.ofMillis(40))
                .onTermination()
                .invoke(RUNNING::decrementAndGet);
    }

    @Override
    public Duration limit() {
        return Duration.ofMillis(hangs ? 20 : 60_000);
    }
}
