package org.vitrina.cache;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One call of a loader, for one or many flights; cancelled when the last of the calls that want it has gone. */
final class Load<V> {
    private static final Cancellable GIVEN_UP = () -> {};

    private final ReadThrough<V> cache;
    private final List<SharedLoad<V>> flights = new ArrayList<>();
    /** The calls that want it; from zero it never rises again. */
    private final AtomicInteger members = new AtomicInteger(1);

    private final AtomicReference<@Nullable Cancellable> subscription = new AtomicReference<>();
    private final long startedAt = System.nanoTime();
    private volatile boolean landed;

    Load(ReadThrough<V> cache) {
        this.cache = cache;
    }

    /** Before {@link #start} only. */
    void add(SharedLoad<V> flight) {
        flights.add(flight);
    }

    boolean isEmpty() {
        return flights.isEmpty();
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

    private void answered(@Nullable Map<String, V> answer) {
        landed = true;
        if (answer == null) {
            failed(new IllegalStateException("a loader gave null instead of a map"));
        } else {
            cache.landed(flights, answer, Set.of(), null);
        }
    }

    @SuppressWarnings("unchecked") // the loader of a Cache<V> fails with a map of V
    private void failed(Throwable failure) {
        landed = true;
        cache.counters().loadFailures.increment();
        if (failure instanceof PartialLoadException partial) {
            cache.landed(flights, (Map<String, V>) partial.found(), partial.unanswered(), partial.reason());
        } else {
            cache.failed(flights, failure);
        }
    }
}
