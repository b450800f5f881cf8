package org.vitrina.runtime;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.LongSupplier;

/**
 * What an operator must be alerted by: {@code vitrina_audit_findings} other than zero (what the last audit of the service's
 * own books found wrong; no number before the first one), and {@code vitrina_audit_age_seconds} of several intervals: how long
 * ago the last audit came to its end, or the process started, so that one that always fails does not pass for a good one.
 */
@Singleton
public class AuditGauge {
    private static final double NANOS = 1e9;

    private final LongSupplier nanos;
    private final Counter failures;
    private volatile double findings = Double.NaN;
    private volatile long endedAt;

    @Inject
    AuditGauge(MeterRegistry registry) {
        this(registry, System::nanoTime);
    }

    AuditGauge(MeterRegistry registry, LongSupplier nanos) {
        this.nanos = nanos;
        this.endedAt = nanos.getAsLong();
        Gauge.builder("vitrina.audit.findings", this, gauge -> gauge.findings)
                .description("What the last audit of the books found wrong")
                .register(registry);
        Gauge.builder("vitrina.audit.age", this, AuditGauge::age)
                .description("Time since the last audit of the books came to its end")
                .baseUnit("seconds")
                .register(registry);
        this.failures = Counter.builder("vitrina.audit.failures")
                .description("Audits of the books that came to no end")
                .register(registry);
    }

    private double age() {
        return (nanos.getAsLong() - endedAt) / NANOS;
    }

    /** What an audit that has just ended found. */
    public void found(int count) {
        findings = count;
        endedAt = nanos.getAsLong();
    }

    /** An audit came to no end. */
    void failed() {
        failures.increment();
    }
}
