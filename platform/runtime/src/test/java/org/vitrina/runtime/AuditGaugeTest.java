package org.vitrina.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AuditGaugeTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicLong nanos = new AtomicLong(7);
    private final AuditGauge gauge = new AuditGauge(registry, nanos::get);
    private Uni<Found> next = Uni.createFrom().item(new Found(List.of("one")));

    private record Found(List<String> findings) implements AuditReport {
        @Override
        public boolean consistent() {
            return findings.isEmpty();
        }
    }

    private final Audit<Found> audit = new Audit<>(gauge, Duration.ofMinutes(1), Duration.ofMillis(50)) {
        @Override
        protected Uni<Found> report() {
            return next;
        }
    };

    private double value(String name) {
        return registry.get("vitrina.audit." + name).gauge().value();
    }

    @Test
    void anAuditsFindingsAreAMetricAndNoNumberBeforeTheFirst() {
        assertThat(value("findings")).isNaN();

        audit.work().await().indefinitely();

        assertThat(value("findings")).isEqualTo(1);
    }

    @Test
    void anAuditThatFailsOrHangsLetsTheLastOneGrowOldAndIsCounted() {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
        assertThat(value("age")).isEqualTo(5);
        audit.work().await().indefinitely();
        assertThat(value("age")).isZero();

        nanos.addAndGet(TimeUnit.SECONDS.toNanos(60));
        next = Uni.createFrom().failure(new IllegalStateException("too much to add up"));
        assertThatThrownBy(() -> audit.work().await().indefinitely()).hasMessage("too much to add up");
        next = Uni.createFrom().nothing();
        assertThatThrownBy(() -> audit.work().await().indefinitely()).hasMessageContaining("no end within");

        assertThat(value("age")).isEqualTo(60);
        assertThat(value("findings")).isEqualTo(1);
        assertThat(registry.get("vitrina.audit.failures").counter().count()).isEqualTo(2);
    }
}
