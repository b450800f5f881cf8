package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeldBytesTest {
    private final HeldBytes held = new HeldBytes(100_000);

    @Test
    void isAllThereIsForWhoeverComes() {
        assertThat(held.change(0, 70_000)).isTrue();
        assertThat(held.change(0, 10_000)).isFalse();
        assertThat(held.change(10_000, 0)).isTrue();
        assertThat(held.change(70_000, 20_000)).isTrue();
        assertThat(held.change(0, 50_000)).isTrue();
        assertThat(held.held()).isEqualTo(70_000);
    }

    @Test
    void keepsAQuarterForSmallOnes() {
        assertThat(held.change(0, 75_000)).isTrue();
        assertThat(held.change(0, HeldBytes.SMALL)).isTrue();
        assertThat(held.change(0, HeldBytes.SMALL)).isTrue();
        assertThat(held.change(0, HeldBytes.SMALL + 1)).isFalse();
        assertThat(held.change(0, HeldBytes.SMALL)).isFalse();
    }
}
