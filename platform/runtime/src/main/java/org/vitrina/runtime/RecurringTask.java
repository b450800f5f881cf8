package org.vitrina.runtime;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Work that the process does again and again beside its requests: sweeps, purges, audits. A bean of this type is run by
 * itself from the moment that all dependencies are there until the process drains, on an event loop and a context of its
 * own, never twice at once.
 *
 * <p>Every replica does it, so the work must bear others at the same. What fails is logged, once until it succeeds again,
 * and tried again at the next turn.
 */
public interface RecurringTask {
    /** What the work is called in the log. */
    String name();

    /** The pause between the end of a turn and the next one; the first turn is at a random instant within the first. */
    Duration every();

    /** One turn; the item does not matter. */
    Uni<?> work();

    /** A turn that takes longer is given up as failed: whatever it waits for, the next one is not lost with it. */
    default Duration limit() {
        return Duration.ofMinutes(1);
    }

    /**
     * Portion after portion, until one is not full.
     *
     * @param portion tells how many there were in it
     * @param full how many there are in a full one
     */
    static Uni<Void> inPortions(int full, Supplier<Uni<Integer>> portion) {
        return Multi.createBy()
                .repeating()
                .uni(portion::get)
                .whilst(done -> done == full)
                .onItem()
                .ignoreAsUni();
    }

    /**
     * The same for rows that stay where they are: each portion is of those after the last one of the portion before.
     *
     * @param first less than each key
     * @param after the rows after a key, as many as are in a full portion at most
     * @param work tells for how many of a portion it did something
     * @return the sum of what the work told
     */
    static <T, K> Uni<Integer> inPortionsAfter(
            K first,
            int full,
            Function<K, Uni<List<T>>> after,
            Function<T, K> key,
            Function<List<T>, Uni<Integer>> work) {
        var last = new AtomicReference<>(first);
        var count = new AtomicInteger();
        return inPortions(full, () -> after.apply(last.get())
                        .call(rows -> work.apply(rows).invoke(count::addAndGet))
                        .invoke(rows -> {
                            if (!rows.isEmpty()) {
                                last.set(key.apply(rows.getLast()));
                            }
                        })
                        .map(List::size))
                .map(done -> count.get());
    }
}
