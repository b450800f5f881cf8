package org.vitrina.runtime;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Adds up what the service keeps, when an operator asks and again and again, and exports how much does not agree, and that it
 * came to an end. One that fails says so each time.
 */
public abstract class Audit<R extends AuditReport> implements RecurringTask {
    private static final Logger LOG = Logger.getLogger(Audit.class);
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Duration BACKSTOP = LIMIT.plusMinutes(1);

    private final AuditGauge gauge;
    private final Duration every;
    private final Duration limit;

    protected Audit(AuditGauge gauge, Duration every) {
        this(gauge, every, LIMIT);
    }

    Audit(AuditGauge gauge, Duration every, Duration limit) {
        this.gauge = gauge;
        this.every = every;
        this.limit = limit;
    }

    /** Adds up now. */
    protected abstract Uni<R> report();

    @Override
    public String name() {
        return "the audit";
    }

    @Override
    public final Duration every() {
        return every;
    }

    /** Nobody waits for it, and there may be much to add up. */
    @Override
    public final Duration limit() {
        return BACKSTOP;
    }

    @Override
    public Uni<R> work() {
        return Uni.createFrom()
                .deferred(this::report)
                .ifNoItem()
                .after(limit)
                .failWith(() -> new IllegalStateException("no end within " + limit))
                .invoke(report -> {
                    gauge.found(report.problems());
                    if (!report.consistent()) {
                        LOG.errorf("The audit found what does not agree: %s", report.findings());
                    }
                })
                .onFailure()
                .invoke(failure -> {
                    gauge.failed();
                    LOG.errorf("The audit came to no end, so that nothing is known of the books: %s", failure);
                });
    }
}
