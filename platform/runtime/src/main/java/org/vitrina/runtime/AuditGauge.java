package org.vitrina.runtime;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;

/**
 * {@code vitrina_audit_findings}: what the last audit of the service's own books found wrong; no number before the first
 * one. Anything but zero is a reason to alert an operator.
 */
@Singleton
public class AuditGauge {
    private volatile double findings = Double.NaN;

    AuditGauge(MeterRegistry registry) {
        Gauge.builder("vitrina.audit.findings", this, gauge -> gauge.findings)
                .description("What the last audit of the books found wrong")
                .register(registry);
    }

    /** What an audit that has just ended found. */
    public void found(int count) {
        findings = count;
    }
}
