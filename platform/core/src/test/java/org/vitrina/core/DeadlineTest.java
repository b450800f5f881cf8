package org.vitrina.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);

    @Test
    void countsDownAcrossTheClocksOverflow() {
        Deadline deadline = Deadline.in(Duration.ofMillis(100), now::get);
        assertThat(deadline.remainingMillis()).isEqualTo(100);
        now.addAndGet(Duration.ofMillis(70).toNanos());
        assertThat(deadline.remainingMillis()).isEqualTo(30);
        assertThat(deadline.millisForNextHop()).isEqualTo(10);
        now.addAndGet(Duration.ofMillis(31).toNanos());
        assertThat(deadline.passed()).isTrue();
        assertThat(deadline.remaining()).isZero();
        assertThat(deadline.millisForNextHop()).isZero();
    }

    @Test
    void keepsTheEarlierOfTwoLimits() {
        Deadline deadline = Deadline.in(Duration.ofMillis(100), now::get);
        assertThat(deadline.within(Duration.ofMillis(40)).remainingMillis()).isEqualTo(40);
        assertThat(deadline.within(Duration.ofMillis(400)).remainingMillis()).isEqualTo(100);
    }
}
