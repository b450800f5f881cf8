package org.vitrina.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vitrina.web.demo.DemoRecurring;

@QuarkusTest
class RecurringTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @AfterEach
    void wellAgain() {
        DemoRecurring.fails = false;
        DemoRecurring.hangs = false;
    }

    @Test
    void worksAgainAndAgainAndNeverTwiceAtOnce() {
        awaitTurns(5);
        assertThat(DemoRecurring.OVERLAPS).hasValue(0);
    }

    @Test
    void goesOnAfterAFailure() {
        DemoRecurring.fails = true;
        awaitTurns(3);
        DemoRecurring.fails = false;
        awaitTurns(3);
    }

    @Test
    void goesOnAfterATurnThatNeverEnds() {
        DemoRecurring.hangs = true;
        awaitTurns(3);
    }

    @Test
    void anAuditsFindingsAreAMetricAndNoNumberBeforeTheFirst() {
        var registry = new SimpleMeterRegistry();
        var gauge = new AuditGauge(registry);
        assertThat(registry.get("vitrina.audit.findings").gauge().value()).isNaN();

        gauge.found(3);
        assertThat(registry.get("vitrina.audit.findings").gauge().value()).isEqualTo(3);
    }

    private static void awaitTurns(int count) {
        int before = DemoRecurring.TURNS.get();
        await().atMost(PATIENCE).until(() -> DemoRecurring.TURNS.get() >= before + count);
    }
}
