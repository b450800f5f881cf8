package org.vitrina.overload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class LoopLoadTest {
    private static final long WINDOW = 100_000_000;

    private final LoopLoad load = new LoopLoad();

    @Test
    void isTheShareOfTheLastThreeWindows() {
        load.measured(0, 0);
        load.measured(WINDOW / 2, WINDOW);
        load.measured(WINDOW, 2 * WINDOW);
        load.measured(2 * WINDOW, 3 * WINDOW);
        assertThat(load.share()).isCloseTo(2.0 / 3, within(1e-9));
        load.measured(3 * WINDOW, 4 * WINDOW);
        load.measured(4 * WINDOW, 5 * WINDOW);
        assertThat(load.share()).isEqualTo(1);
        load.measured(4 * WINDOW, 9 * WINDOW);
        assertThat(load.share()).isCloseTo(2.0 / 6, within(1e-9));
    }

    @Test
    void countsWaitingForAProcessorAsBeingBusy() throws IOException {
        assertThat(LoopLoad.busyNanos("123 77 5\n")).isEqualTo(200);
    }

    @Test
    void takesNothingElseForAnAccount() {
        assertThatThrownBy(() -> LoopLoad.busyNanos("")).isInstanceOf(IOException.class);
    }

    @Test
    void readsTheKernelsAccountOfTheThreadThatAsks() {
        load.windowEnded(System.nanoTime());
        assertThat(load.known()).isTrue();
        long end = System.nanoTime() + WINDOW;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        load.windowEnded(System.nanoTime());
        assertThat(load.share()).isGreaterThan(0.5);
        load.close();
        assertThat(load.known()).isFalse();
        assertThat(load.share()).isZero();
    }
}
