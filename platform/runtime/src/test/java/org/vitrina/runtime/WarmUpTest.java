package org.vitrina.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    private int times;
    private boolean fails;

    private final WarmUp warmUp = new WarmUp() {
        @Override
        public String name() {
            return "work";
        }

        @Override
        protected Uni<?> work() {
            times++;
            return fails
                    ? Uni.createFrom().failure(new IllegalStateException("not yet"))
                    : Uni.createFrom().item(1);
        }
    };

    @Test
    void isOverAfterTheFirstSuccess() {
        warmUp.check().await().indefinitely();
        fails = true;
        warmUp.check().await().indefinitely();
        assertThat(times).isEqualTo(1);
    }

    @Test
    void isTriedAgainUntilThen() {
        fails = true;
        assertThatThrownBy(() -> warmUp.check().await().indefinitely()).hasMessage("not yet");
        assertThatThrownBy(() -> warmUp.check().await().indefinitely()).hasMessage("not yet");
        fails = false;
        warmUp.check().await().indefinitely();
        assertThat(times).isEqualTo(3);
    }
}
