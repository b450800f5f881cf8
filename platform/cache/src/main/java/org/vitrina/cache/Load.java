package org.vitrina.cache;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call of a loader, for one or many flights. It is cancelled when the last of the calls that need it has gone; a call
 * that has a copy never lets go of it, so that one which began behind a copy runs to its end.
 */
final class Load<V> {
    private static final Cancellable GIVEN_UP = () -> {};

    // who waits with a copy wants a timer, which is set once the load has started
    private static final int NEW = 0;
    private static final int NEW_AND_WATCHED = 1;
    private static final int STARTED = 2;
    private static final int WATCHED = 3;

    private final ReadThrough<V> cache;
    private final List<SharedLoad<V>> flights = new ArrayList<>();
    /** The calls that want it; from zero it never rises again. */
    private final AtomicInteger members = new AtomicInteger(1);

    private final AtomicReference<@Nullable Cancellable> subscription = new AtomicReference<>();
    private final AtomicInteger phase = new AtomicInteger(NEW);
    private final AtomicReference<@Nullable Runnable> timer = new AtomicReference<>();
    private final long startedAt;
    private boolean kept;
    private volatile boolean overdue;
    private volatile boolean landed;

    Load(ReadThrough<V> cache) {
        this.cache = cache;
        this.startedAt = cache.nanoTime();
    }

    /** Before {@link #start} only. */
    void add(SharedLoad<V> flight) {
        flights.add(flight);
    }

    /** Before {@link #start} only: it began behind a copy, so that it belongs to nobody and runs to its end. */
    void keep() {
        kept = true;
        members.incrementAndGet();
    }

    boolean isKept() {
        return kept;
    }

    boolean isEmpty() {
        return flights.isEmpty();
    }

    /** In {@link LoadClock#nanoTime}. */
    long startedAt() {
        return startedAt;
    }

    boolean startedBefore(long nanoTime) {
        return startedAt - nanoTime < 0;
    }

    void start(Function<List<String>, Uni<Map<String, V>>> loader) {
        List<String> keys = new ArrayList<>(flights.size());
        for (SharedLoad<V> flight : flights) {
            keys.add(flight.key);
        }
        if (subscription.get() == GIVEN_UP) {
            return;
        }
        cache.counters().loads.increment();
        Uni<Map<String, V>> work;
        try {
            work = loader.apply(keys);
        } catch (RuntimeException | Error thrown) {
            failed(thrown);
            return;
        }
        Cancellable running = work.subscribe().with(this::answered, this::failed);
        if (!subscription.compareAndSet(null, running)) {
            running.cancel();
        }
        if (!landed && !phase.compareAndSet(NEW, STARTED)) {
            phase.set(WATCHED);
            setTimer();
        }
    }

    boolean enter() {
        int count = members.get();
        while (count > 0) {
            if (members.compareAndSet(count, count + 1)) {
                return true;
            }
            count = members.get();
        }
        return false;
    }

    void leave() {
        if (members.decrementAndGet() == 0 && !landed) {
            for (SharedLoad<V> flight : flights) {
                cache.forget(flight);
            }
            Cancellable running = subscription.getAndSet(GIVEN_UP);
            if (running != null) {
                running.cancel();
            }
        }
    }

    // ---- those who have a copy

    /** A call with a copy waits: at the latest when the load is so old it answers with that. */
    void watch() {
        if (!phase.compareAndSet(NEW, NEW_AND_WATCHED) && phase.compareAndSet(STARTED, WATCHED)) {
            setTimer();
        }
    }

    /** Whether the load is too old to be waited for where there is a copy. */
    boolean isOverdue() {
        return overdue;
    }

    private void setTimer() {
        long left = startedAt + cache.waitNanos() - cache.nanoTime();
        // rounded up: timers have whole milliseconds, and a fresh value may come in the last one
        long millis = TimeUnit.NANOSECONDS.toMillis(left + TimeUnit.MILLISECONDS.toNanos(1) - 1);
        timer.set(cache.after(Math.max(1, millis), this::becomeOverdue));
        if (landed) {
            cancelTimer();
        }
    }

    private void becomeOverdue() {
        overdue = true;
        for (SharedLoad<V> flight : flights) {
            flight.standIn();
        }
    }

    private void cancelTimer() {
        Runnable set = timer.getAndSet(null);
        if (set != null) {
            set.run();
        }
    }

    // ---- the end

    private void answered(@Nullable Map<String, V> answer) {
        if (answer == null) {
            failed(new IllegalStateException("a loader gave null instead of a map"));
        } else {
            landed = true;
            cancelTimer();
            cache.landed(flights, answer, Set.of(), null);
        }
    }

    @SuppressWarnings("unchecked") // the loader of a Cache<V> fails with a map of V
    private void failed(Throwable failure) {
        landed = true;
        cancelTimer();
        cache.counters().loadFailures.increment();
        if (failure instanceof PartialLoadException partial) {
            cache.landed(flights, (Map<String, V>) partial.found(), partial.unanswered(), partial.reason());
        } else {
            cache.failed(flights, failure);
        }
    }
}
