package org.vitrina.runtime;

import io.smallrye.mutiny.Uni;
import java.time.Duration;

/**
 * Adds what is old to sums that the {@link Audit} reads instead of it, so that an audit takes no longer with the years. The
 * rows stay and are marked; what takes one of them back takes it out of the sum in the same transaction.
 */
public abstract class AuditCount implements RecurringTask {
    private static final int BATCH = 5_000;

    private final Duration every;
    private final Duration window;

    /** @param window how old a row is that is counted */
    protected AuditCount(Duration every, Duration window) {
        this.every = every;
        this.window = window;
    }

    /** Counts at most {@code limit} rows that are older than {@code age}, in one transaction; how many it were. */
    protected abstract Uni<Integer> count(Duration age, int limit);

    @Override
    public final Duration every() {
        return every;
    }

    /** There may be years of them at the first time. */
    @Override
    public final Duration limit() {
        return Duration.ofMinutes(10);
    }

    @Override
    public final Uni<Void> work() {
        return RecurringTask.inPortions(BATCH, () -> count(window, BATCH));
    }
}
