package org.vitrina.overload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Windows are ended by hand: no clock runs here. */
class AdaptiveLimitTest {
    private static final long TARGET = 3_000_000;
    private static final long LATE = 5_000_000;
    private static final long VERY_LATE = 50_000_000;

    private final AdaptiveLimit limit = new AdaptiveLimit(64, 256, 1000, TARGET);

    private void fill() {
        while (limit.tryAcquire()) {
            // until it is full
        }
    }

    @Test
    void admitsAsManyAsTheLimit() {
        for (int i = 0; i < 256; i++) {
            assertThat(limit.tryAcquire()).isTrue();
        }
        assertThat(limit.tryAcquire()).isFalse();
        assertThat(limit.tryAcquire()).isFalse();
        assertThat(limit.inFlight()).isEqualTo(256);
        limit.release();
        assertThat(limit.tryAcquire()).isTrue();
    }

    @Test
    void fallsWhileTheEventLoopIsLateButNeverBelowItsSmallest() {
        fill();
        limit.adapt(LATE, 0);
        assertThat(limit.limit()).isEqualTo(230);
        limit.adapt(VERY_LATE, 0);
        assertThat(limit.limit()).isEqualTo(161);
        for (int i = 0; i < 20; i++) {
            limit.adapt(VERY_LATE, 0);
        }
        assertThat(limit.limit()).isEqualTo(64);
    }

    @Test
    void neverFallsForAWaitThatLeavesTheEventLoopIdle() {
        fill();
        for (int i = 0; i < 3; i++) {
            limit.adapt(0, 0);
            fill();
        }
        // 256, 320, 400, 500: what waits for a dependency is let in
        assertThat(limit.limit()).isEqualTo(500);
    }

    @Test
    void fallsWhileAnEventLoopNeverRestsHoweverPunctualItIs() {
        fill();
        limit.adapt(0, 0.95);
        assertThat(limit.limit()).isEqualTo(230);
        for (int i = 0; i < 20; i++) {
            fill();
            limit.adapt(0, 1);
        }
        assertThat(limit.limit()).isEqualTo(64);
    }

    @Test
    void risesOnlyWhereTheEventLoopHasTimeToSpare() {
        fill();
        limit.adapt(0, 0.9);
        assertThat(limit.limit()).isEqualTo(256);
        fill();
        limit.adapt(0, 0.85);
        assertThat(limit.limit()).isEqualTo(320);
    }

    @Test
    void tellsWhetherThereIsAPlaceWithoutTakingIt() {
        assertThat(limit.hasPlace()).isTrue();
        fill();
        assertThat(limit.hasPlace()).isFalse();
        assertThat(limit.inFlight()).isEqualTo(256);
        limit.release();
        assertThat(limit.hasPlace()).isTrue();
    }

    @Test
    void risesNoFurtherThanItsLargest() {
        for (int i = 0; i < 50; i++) {
            fill();
            limit.adapt(0, 0);
        }
        assertThat(limit.limit()).isEqualTo(1000);
    }

    @Test
    void staysWhereItIsWhenItIsNotUsed() {
        limit.tryAcquire();
        limit.adapt(0, 0);
        assertThat(limit.limit()).isEqualTo(256);
    }

    @Test
    void givesUpWhatIsNotUsedWhenTheEventLoopIsLate() {
        for (int i = 0; i < 100; i++) {
            limit.tryAcquire();
        }
        limit.adapt(LATE, 0);
        assertThat(limit.limit()).isEqualTo(90);
    }

    @Test
    void needsNoMeasuringFarBelowItsSmallest() {
        for (int i = 0; i < 32; i++) {
            limit.tryAcquire();
        }
        assertThat(limit.near()).isFalse();
        limit.tryAcquire();
        assertThat(limit.near()).isTrue();
    }

    @Test
    void countsExactlyWhenManyThreadsRace() throws InterruptedException {
        AdaptiveLimit raced = new AdaptiveLimit(64, 64, 64, TARGET);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        Thread[] threads = new Thread[96];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = Thread.ofVirtual().start(() -> {
                try {
                    go.await();
                    for (int round = 0; round < 1000; round++) {
                        if (raced.tryAcquire()) {
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            Thread.sleep(0, 1000);
                            inside.decrementAndGet();
                            raced.release();
                        }
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(most.get()).isBetween(1, 64);
        assertThat(raced.inFlight()).isZero();
    }
}
