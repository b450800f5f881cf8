package org.vitrina.overload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LoopDelayTest {
    private final LoopDelay delay = new LoopDelay();

    @Test
    void ignoresSinglePausesAndTheSelectorsGrain() {
        for (int i = 0; i < 5; i++) {
            delay.probed(900_000);
        }
        for (int i = 0; i < 4; i++) {
            delay.probed(80_000_000);
        }
        assertThat(delay.median()).isZero();
    }

    @Test
    void tellsALoopThatIsUsuallyLateAndForgetsIt() {
        for (int i = 0; i < 5; i++) {
            delay.probed(6_000_000);
        }
        assertThat(delay.median()).isEqualTo(5_000_000);
        for (int i = 0; i < 5; i++) {
            delay.probed(0);
        }
        assertThat(delay.median()).isZero();
    }
}
