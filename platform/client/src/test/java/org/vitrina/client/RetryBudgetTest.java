package org.vitrina.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.Race;

class RetryBudgetTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final RetryBudget budget = new RetryBudget(0.3, 10, now::get);

    @Test
    void beginsWithTenSecondsSavedUp() {
        assertThat(budget.available()).isEqualTo(100);
        assertThat(taken()).isEqualTo(100);
        assertThat(budget.available()).isZero();
        assertThat(budget.tryRetry()).isFalse();
    }

    @Test
    void allowsThreeRetriesForTenCalls() {
        taken();
        calls(10);
        assertThat(taken()).isEqualTo(3);
        calls(3);
        assertThat(taken()).isZero();
        calls(1);
        assertThat(taken()).isEqualTo(1);
    }

    @Test
    void allowsTenRetriesASecondWithoutAnyCall() {
        taken();
        pass(Duration.ofMillis(99));
        assertThat(taken()).isZero();
        pass(Duration.ofMillis(1));
        assertThat(taken()).isEqualTo(1);
        pass(Duration.ofSeconds(3));
        assertThat(taken()).isEqualTo(30);
    }

    @Test
    void losesNoTimeWhenAskedOften() {
        taken();
        for (int i = 0; i < 1000; i++) {
            pass(Duration.ofMillis(1));
            budget.available();
        }
        assertThat(budget.available()).isCloseTo(10, within(0.01));
    }

    @Test
    void savesUpNoMoreThanTenSecondsHoweverLongNothingHappens() {
        for (int minutes : new int[] {1, 15, 16, 20, 30, 31, 60, 24 * 60, 365 * 24 * 60}) {
            taken();
            pass(Duration.ofMinutes(minutes));
            assertThat(taken()).as("after %d minutes", minutes).isEqualTo(100);
        }
        calls(10_000);
        assertThat(taken()).isEqualTo(100);
    }

    @Test
    void givesEachTokenOnceHoweverManyThreadsAsk() {
        int given = Race.of(8, runner -> (int)
                        IntStream.range(0, 100).filter(i -> budget.tryRetry()).count())
                .stream()
                .mapToInt(Integer::intValue)
                .sum();
        assertThat(given).isEqualTo(100);
    }

    @Test
    void losesNoCallsShareHoweverManyThreadsPay() {
        taken();
        Race.of(8, runner -> {
            calls(25);
            return runner;
        });
        assertThat(taken()).isEqualTo(60);
    }

    @Test
    void withoutAShareOnlyTimePays() {
        var strict = new RetryBudget(0, 1, now::get);
        assertThat(strict.available()).isEqualTo(10);
        for (int i = 0; i < 10; i++) {
            assertThat(strict.tryRetry()).isTrue();
        }
        strict.call();
        assertThat(strict.tryRetry()).isFalse();
        pass(Duration.ofSeconds(1));
        assertThat(strict.tryRetry()).isTrue();
        assertThat(strict.tryRetry()).isFalse();
    }

    private int taken() {
        int taken = 0;
        while (budget.tryRetry()) {
            taken++;
        }
        return taken;
    }

    private void calls(int number) {
        for (int i = 0; i < number; i++) {
            budget.call();
        }
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
