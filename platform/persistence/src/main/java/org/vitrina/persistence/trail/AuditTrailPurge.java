package org.vitrina.persistence.trail;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.vitrina.runtime.RecurringTask;

/** Removes deeds that are old enough, a few at a time, in a service that has a trail. Several replicas may do it at once. */
@Singleton
public class AuditTrailPurge implements RecurringTask {
    private static final int A_ROUND = 1000;

    private final AuditTrailRepository repository;
    private final Duration keep;
    private final Duration interval;
    private volatile boolean begun;

    AuditTrailPurge(AuditTrailRepository repository, AuditTrailConfig config) {
        this.repository = repository;
        this.keep = config.keep();
        this.interval = config.purgeInterval();
    }

    /** Called when the table is in use: not every service has one. */
    void begin() {
        begun = true;
    }

    @Override
    public String name() {
        return "the purge of the audit trail";
    }

    @Override
    public Duration every() {
        return interval;
    }

    @Override
    public Uni<?> work() {
        return begun
                ? RecurringTask.inPortions(A_ROUND, () -> repository.purge(keep, A_ROUND))
                : Uni.createFrom().voidItem();
    }
}
