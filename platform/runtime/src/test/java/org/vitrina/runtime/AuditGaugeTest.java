package org.vitrina.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class AuditGaugeTest {
    @Test
    void anAuditsFindingsAreAMetricAndNoNumberBeforeTheFirst() {
        var registry = new SimpleMeterRegistry();
        var gauge = new AuditGauge(registry);
        assertThat(registry.get("vitrina.audit.findings").gauge().value()).isNaN();

        gauge.found(3);
        assertThat(registry.get("vitrina.audit.findings").gauge().value()).isEqualTo(3);
    }
}
