package org.vitrina.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.LogLines;

class DependencyLogTest {
    private final CallFailure late = new CallFailure.Final(Reason.TIMEOUT, "no answer in time", null);

    private final AtomicLong now = new AtomicLong(42);
    private final DependencyLog log = new DependencyLog("cart", Duration.ofSeconds(5), now::get);
    private final LogLines logged = new LogLines();

    @AfterEach
    void leave() {
        logged.close();
    }

    @Test
    void anOutageIsFourLines() {
        log.answered();
        log.failed(late);
        log.failed(late);
        log.breaker("open");
        for (int i = 0; i < 40; i++) {
            log.notAsked();
        }
        for (int probe = 0; probe < 6; probe++) {
            pass(Duration.ofSeconds(5));
            log.breaker("half-open");
            log.failed(late);
            log.breaker("open");
        }
        pass(Duration.ofMillis(5500));
        log.breaker("half-open");
        log.breaker("closed");
        log.answered();

        assertThat(lines())
                .containsExactly(
                        "WARN cart fails: no answer in time",
                        "WARN The circuit of cart is open: it fails again and again (no answer in time). It is not asked for"
                                + " 5000 ms at a time.",
                        "INFO The circuit of cart is half-open after 5.0 s: one call tries whether it answers (probe 1). So"
                                + " far 42 answers were given without it (2 failed or late, 40 not asked).",
                        "INFO The circuit of cart is closed again after 35.5 s: 48 answers were given without it (8 failed or"
                                + " late, 40 not asked)");
    }

    @Test
    void probesInVainAreOneLineAMinute() {
        log.breaker("open");
        for (int probe = 0; probe < 36; probe++) {
            pass(Duration.ofSeconds(5));
            log.breaker("half-open");
            log.breaker("open");
        }

        assertThat(lines()).hasSize(4);
        assertThat(lines().subList(1, 4)).allMatch(line -> line.contains("is half-open after"));
    }

    @Test
    void failuresThatDoNotOpenTheCircuitAreTwoLines() {
        log.failed(late);
        for (int i = 0; i < 100; i++) {
            pass(Duration.ofSeconds(1));
            log.answered();
            log.failed(late);
        }
        pass(Duration.ofSeconds(4));
        log.answered();
        pass(Duration.ofSeconds(1));
        log.answered();
        log.answered();

        assertThat(lines())
                .containsExactly(
                        "WARN cart fails: no answer in time",
                        "INFO cart answers again after 105.0 s: 101 answers were given without it (101 failed or late, 0 not"
                                + " asked)");
    }

    @Test
    void whatFlapsIsAFewLinesAndTheNumberLeftOut() {
        for (int i = 0; i < 20; i++) {
            log.failed(late);
            log.breaker("open");
            log.breaker("half-open");
            log.breaker("closed");
        }
        assertThat(lines()).hasSize(6);

        pass(Duration.ofSeconds(10));
        log.failed(late);

        assertThat(lines()).hasSize(7);
        assertThat(lines().getLast())
                .isEqualTo("WARN cart fails: no answer in time (74 lines about it were left out before)");
    }

    @Test
    void whatWasWellAllTheTimeIsNoLine() {
        log.answered();
        log.notAsked();
        log.breaker("closed");

        assertThat(lines()).isEmpty();
    }

    private List<String> lines() {
        return logged.of("org.vitrina.dependency").stream()
                .map(line -> (line.getLevel().intValue() >= Level.WARNING.intValue() ? "WARN " : "INFO ")
                        + LogLines.text(line))
                .toList();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
