package org.vitrina.runtime;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Adds up what the service keeps, when an operator asks and again and again, and exports how much does not agree. */
public abstract class Audit<R extends AuditReport> implements RecurringTask {
    private static final Logger LOG = Logger.getLogger(Audit.class);
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final AuditGauge gauge;
    private final Duration every;

    protected Audit(AuditGauge gauge, Duration every) {
        this.gauge = gauge;
        this.every = every;
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
        return LIMIT;
    }

    @Override
    public Uni<R> work() {
        return report().invoke(report -> {
            gauge.found(report.problems());
            if (!report.consistent()) {
                LOG.errorf("The audit found what does not agree: %s", report.findings());
            }
        });
    }
}
