package org.vitrina.cache;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One key being loaded, with the calls that wait for it. It stays known for a moment after it landed, until its value
 * can be read from the store, so that nobody loads again in between.
 */
final class SharedLoad<V> {
    final String key;
    final Load<V> load;
    /** The newest {@link Waiter} of a list, null for none, or the {@link LoadResult}. */
    private final AtomicReference<@Nullable Object> state = new AtomicReference<>();

    private volatile boolean superseded;

    SharedLoad(String key, Load<V> load) {
        this.key = key;
        this.load = load;
    }

    /** For the call that made the load: it is a member of it already. */
    void enlist(CacheLookup<V> call, int index) {
        @Nullable Object seen = state.get();
        while (!(seen instanceof LoadResult)) {
            if (state.compareAndSet(seen, new Waiter<>(call, index, cast(seen)))) {
                return;
            }
            seen = state.get();
        }
        call.landed(index, outcome(seen), load);
    }

    /** For any other call; false when the load has been given up, so that the caller starts another. */
    boolean join(CacheLookup<V> call, int index) {
        if (state.get() instanceof LoadResult<?> outcome) {
            call.landed(index, outcome(outcome), load);
            return true;
        }
        if (!load.enter()) {
            return false;
        }
        call.joined(load);
        enlist(call, index);
        return true;
    }

    void land(LoadResult<V> outcome) {
        Object waiters = state.getAndSet(outcome);
        if (waiters instanceof LoadResult) {
            return;
        }
        for (Waiter<V> each = cast(waiters); each != null; each = each.next) {
            each.call.landed(each.index, outcome, load);
        }
    }

    /** Its key was invalidated: what it brings may be older than that and is not kept. */
    void supersede() {
        superseded = true;
    }

    boolean isSuperseded() {
        return superseded;
    }

    @SuppressWarnings("unchecked") // the state holds nothing else
    private @Nullable Waiter<V> cast(@Nullable Object waiters) {
        return (Waiter<V>) waiters;
    }

    @SuppressWarnings("unchecked")
    private LoadResult<V> outcome(Object state) {
        return (LoadResult<V>) state;
    }

    private record Waiter<V>(CacheLookup<V> call, int index, @Nullable Waiter<V> next) {}
}
