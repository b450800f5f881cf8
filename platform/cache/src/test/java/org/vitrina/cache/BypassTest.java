package org.vitrina.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BypassTest {
    private static final long WINDOW = 15_000_000;
    private final AtomicInteger opened = new AtomicInteger();
    private final RemoteCounters counters = new RemoteCounters();
    private final Bypass bypass = new Bypass(5, WINDOW, counters, opened::incrementAndGet);
    private final long start = System.nanoTime() + WINDOW;

    @Test
    void opensAfterFiveSilentWindowsInARow() {
        for (int window = 1; window <= 4; window++) {
            bypass.silent(start, start + window * WINDOW);
        }
        assertThat(bypass.isOpen()).isFalse();
        bypass.silent(start, start + 5 * WINDOW);
        assertThat(bypass.isOpen()).isTrue();
        assertThat(opened).hasValue(1);
        assertThat(counters.bypasses.sum()).isEqualTo(1);
    }

    @Test
    void takesAHundredLookUpsInOneWindowForOne() {
        for (int i = 0; i < 100; i++) {
            bypass.timedOut();
            bypass.silent(start, start + WINDOW + i);
        }
        assertThat(bypass.isOpen()).isFalse();
        // but nobody else need wait on that line
        assertThat(bypass.isSuspect()).isTrue();
        assertThat(counters.timeouts.sum()).isEqualTo(100);
    }

    @Test
    void countsOneWindowHoweverLateTheLoopLooks() {
        bypass.silent(start, start + 100 * WINDOW);
        assertThat(bypass.isOpen()).isFalse();
    }

    @Test
    void beginsAnewAfterAnAnswerInTime() {
        for (int round = 0; round < 10; round++) {
            for (int i = 1; i <= 4; i++) {
                bypass.timedOut();
                bypass.wronglyAnswered();
                bypass.silent(start, start + (round * 4L + i) * WINDOW);
            }
            bypass.answered();
        }
        assertThat(bypass.isOpen()).isFalse();
        assertThat(bypass.isSuspect()).isFalse();
        assertThat(counters.errors.sum()).isEqualTo(40);
    }

    @Test
    void opensAfterFiveWrongAnswersInARow() {
        for (int i = 0; i < 4; i++) {
            bypass.wronglyAnswered();
        }
        assertThat(bypass.isOpen()).isFalse();
        bypass.wronglyAnswered();
        bypass.wronglyAnswered();
        assertThat(bypass.isOpen()).isTrue();
        assertThat(opened).hasValue(1);
        bypass.close();
        assertThat(bypass.isOpen()).isFalse();
    }
}
