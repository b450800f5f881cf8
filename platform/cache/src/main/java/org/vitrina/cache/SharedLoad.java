package org.vitrina.cache;

import static java.util.Objects.requireNonNull;

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

    /** Those who waited when it landed, for the thread on which it did. */
    private @Nullable Waiter<V> waiting;

    private volatile boolean superseded;

    SharedLoad(String key, Load<V> load) {
        this.key = key;
        this.load = load;
    }

    /**
     * For the call that made the load: it is a member of it already.
     *
     * @param copy whether the call has one to answer with when the load is overdue
     */
    void enlist(CacheLookup<V> call, int index, boolean copy) {
        @Nullable Object seen = state.get();
        while (!(seen instanceof LoadResult)) {
            if (state.compareAndSet(seen, new Waiter<>(call, index, copy, cast(seen)))) {
                if (copy) {
                    load.watch();
                    if (load.isOverdue()) {
                        // since the look before, and those who had to be told have been told
                        standIn();
                    }
                }
                return;
            }
            seen = state.get();
        }
        call.landed(index, outcome(seen), load);
    }

    /** For any other call; false when the load has been given up, so that the caller starts another. */
    boolean join(CacheLookup<V> call, int index, boolean copy) {
        if (state.get() instanceof LoadResult<?> outcome) {
            call.landed(index, outcome(outcome), load);
            return true;
        }
        if (!load.enter()) {
            return false;
        }
        if (!copy) {
            call.joined(load);
        }
        enlist(call, index, copy);
        return true;
    }

    /** What the load has brought; null while it is under way. */
    @Nullable
    LoadResult<V> result() {
        return state.get() instanceof LoadResult<?> outcome ? outcome(outcome) : null;
    }

    /** The load has brought this; {@link #tell} goes on. Once, so that all keys of a batch land before anybody is told. */
    void land(LoadResult<V> outcome) {
        waiting = cast(state.getAndSet(outcome));
    }

    /** After {@link #land}: tells those who waited. */
    void tell() {
        LoadResult<V> outcome = requireNonNull(result());
        for (Waiter<V> each = waiting; each != null; each = each.next) {
            each.call.landed(each.index, outcome, load);
        }
        waiting = null;
    }

    /** The load is overdue: each call that has a copy answers with it and waits no more. */
    void standIn() {
        @Nullable Object seen = state.get();
        while (seen != null && !(seen instanceof LoadResult)) {
            Waiter<V> all = cast(seen);
            if (state.compareAndSet(seen, withoutCopy(all))) {
                for (Waiter<V> each = all; each != null; each = each.next) {
                    if (each.copy) {
                        each.call.standIn(each.index, this);
                    }
                }
                return;
            }
            seen = state.get();
        }
    }

    private static <V> @Nullable Waiter<V> withoutCopy(@Nullable Waiter<V> all) {
        Waiter<V> rest = null;
        for (Waiter<V> each = all; each != null; each = each.next) {
            if (!each.copy) {
                rest = new Waiter<>(each.call, each.index, false, rest);
            }
        }
        return rest;
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

    private record Waiter<V>(CacheLookup<V> call, int index, boolean copy, @Nullable Waiter<V> next) {}
}
