package org.vitrina.persistence.idempotency;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.vitrina.runtime.RecurringTask;

/** Removes records that are old enough, a few at a time, so that no round holds many locks. Several replicas may do it at once. */
@Singleton
public class IdempotencyPurge implements RecurringTask {
    private static final int A_ROUND = 1000;

    private final IdempotencyRepository repository;
    private final Duration keep;
    private final Duration interval;
    private volatile boolean begun;

    IdempotencyPurge(IdempotencyRepository repository, IdempotencyConfig config) {
        this.repository = repository;
        this.keep = config.keep();
        this.interval = config.purgeInterval();
    }

    /** From now on old records are removed. Called when the table is in use, and by services that write it by themselves. */
    public void begin() {
        begun = true;
    }

    @Override
    public String name() {
        return "the purge of idempotency records";
    }

    @Override
    public Duration every() {
        return interval;
    }

    @Override
    public Uni<?> work() {
        return begun
                ? RecurringTask.inPortions(A_ROUND, this::purge)
                : Uni.createFrom().voidItem();
    }

    /** One round: how many were removed. */
    Uni<Integer> purge() {
        return repository.purge(keep, A_ROUND);
    }
}
