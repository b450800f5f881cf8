package org.vitrina.overload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The clock and the looks at the queue are moved by hand. */
class AdmissionQueueTest {
    private static final long HALF_OF_ITS_DEADLINE = Duration.ofMillis(500).toNanos();
    private static final int SIZE = 1000;

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
    private final AdaptiveLimit limit = new AdaptiveLimit(4, 4, 4, 3_000_000);
    private final AtomicInteger starts = new AtomicInteger();
    private final AdmissionQueue queue = queue(limit);
    private final List<Integer> admitted = new ArrayList<>();
    private final List<Integer> refused = new ArrayList<>();
    private final List<Asking> served = new ArrayList<>();
    private int came;

    private AdmissionQueue queue(AdaptiveLimit limit) {
        return new AdmissionQueue(
                limit,
                Duration.ofMillis(10).toNanos(),
                Duration.ofMillis(500).toNanos(),
                1000L * SIZE,
                clock::get,
                starts::incrementAndGet);
    }

    private final class Asking extends WaitingRequest {
        final int number = ++came;

        Asking(long longest) {
            super(clock.get(), longest, SIZE);
        }

        @Override
        protected void admitted() {
            admitted.add(number);
            served.add(this);
        }

        @Override
        protected void refused() {
            refused.add(number);
        }
    }

    private Asking ask() {
        Asking one = new Asking(HALF_OF_ITS_DEADLINE);
        if (!queue.offer(one)) {
            refused.add(one.number);
        }
        return one;
    }

    private void ask(int count) {
        for (int i = 0; i < count; i++) {
            ask();
        }
    }

    private void fill() {
        while (queue.tryEnter()) {
            // until it is full
        }
    }

    /** Ten milliseconds, in which so many that are served get their answer. */
    private boolean tick(int answers) {
        clock.addAndGet(AdmissionQueue.LOOK_NANOS);
        for (int i = 0; i < answers; i++) {
            if (served.isEmpty()) {
                queue.release();
            } else {
                queue.end(served.removeFirst());
            }
        }
        return queue.look();
    }

    @Test
    void servesABurstInTheOrderOfItsComing() {
        fill();
        ask(100);
        assertThat(queue.waiting()).isEqualTo(100);
        for (int i = 0; i < 25; i++) {
            tick(4);
        }
        assertThat(admitted).hasSize(100).isSorted();
        assertThat(refused).isEmpty();
        assertThat(limit.rejected()).isZero();
        assertThat(limit.inFlight()).isEqualTo(4);
    }

    @Test
    void letsNobodyOvertakeThoseWhoWait() {
        fill();
        ask();
        limit.release();
        assertThat(queue.isOpen()).isFalse();
        assertThat(queue.tryEnter()).isFalse();
        tick(0);
        assertThat(admitted).containsExactly(1);
    }

    @Test
    void refusesNobodyLaterThanHalfOfTheDeadline() {
        fill();
        for (int i = 0; i < 10; i++) {
            queue.offer(new Asking(Duration.ofMillis(30 + i).toNanos()));
        }
        tick(0);
        assertThat(refused).isEmpty();
        tick(0);
        assertThat(refused).isEmpty();
        tick(0);
        // what would be late at the next look
        assertThat(refused).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        assertThat(limit.rejected()).isEqualTo(10);
        assertThat(queue.rejectedAfterWaiting()).isEqualTo(10);
        assertThat(queue.rejectedOnArrival()).isZero();
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void refusesAtOnceWhoCannotBeServedInTimeByThePaceOfTheQueue() {
        fill();
        ask(300);
        for (int i = 0; i < 46; i++) {
            tick(1);
        }
        // four windows of one in 10 ms: fifty in half of the deadline, and more than two hundred are there
        assertThat(refused).isEmpty();
        ask();
        assertThat(refused).containsExactly(301);
        assertThat(queue.rejectedOnArrival()).isEqualTo(1);
        assertThat(queue.rejectedAfterWaiting()).isZero();
        // who may wait for longer than all of them need still may
        assertThat(queue.offer(new Asking(Duration.ofSeconds(4).toNanos()))).isTrue();
    }

    @Test
    void knowsNoPaceAnyMoreOnceNobodyWaits() {
        refusesAtOnceWhoCannotBeServedInTimeByThePaceOfTheQueue();
        for (int i = 0; i < 200 && tick(4); i++) {
            // until it is empty
        }
        assertThat(queue.waiting()).isZero();
        refused.clear();
        fill();
        ask(300);
        assertThat(refused).isEmpty();
    }

    @Test
    void servesAStandingQueueNewestFirstAndShedsItsOldEnd() {
        fill();
        for (int i = 0; i < 60; i++) {
            ask(8);
            tick(4);
        }
        assertThat(refused).isNotEmpty();
        // forty in the target's 10 ms would be ten times the pace: no more than the fewest are kept
        assertThat(queue.waiting()).isLessThanOrEqualTo(16);
        admitted.clear();
        refused.clear();
        int before = came;
        ask(8);
        tick(4);
        // the newest of those that came, and none that came before
        assertThat(admitted).containsExactly(before + 8, before + 7, before + 6, before + 5);
        assertThat(refused).isNotEmpty().isSorted().allMatch(number -> number <= before);
        assertThat(limit.rejected()).isPositive();
    }

    @Test
    void takesABurstAgainSoonAfterTheOverload() {
        servesAStandingQueueNewestFirstAndShedsItsOldEnd();
        for (int i = 0; i < 100 && tick(4); i++) {
            // until nobody has been refused for a while
        }
        admitted.clear();
        refused.clear();
        int before = came;
        fill();
        ask(100);
        for (int i = 0; i < 25; i++) {
            tick(4);
        }
        assertThat(refused).isEmpty();
        assertThat(admitted).hasSize(100).isSorted().allMatch(number -> number > before);
    }

    @Test
    void aBurstThatIsWorkedOffInHalfOfTheDeadlineIsNoStandingQueue() {
        fill();
        ask(180);
        for (int i = 0; i < 45; i++) {
            tick(4);
        }
        assertThat(admitted).hasSize(180);
        assertThat(refused).isEmpty();
    }

    @Test
    void holdsNoMoreMemoryThanItMay() {
        fill();
        ask(1000);
        assertThat(refused).isEmpty();
        ask();
        assertThat(refused).containsExactly(1001);
        assertThat(limit.rejected()).isEqualTo(1);
        assertThat(queue.rejectedOnArrival()).isEqualTo(1);
        tick(1);
        ask();
        assertThat(refused).hasSize(1);
        assertThat(queue.waiting()).isEqualTo(1000);
    }

    @Test
    void forgetsThoseWhoLeaveAndGivesTheirPlacesToOthers() {
        fill();
        Asking left = ask();
        Asking next = ask();
        queue.end(left);
        queue.end(left);
        assertThat(queue.waiting()).isEqualTo(1);
        tick(1);
        assertThat(admitted).containsExactly(next.number);
        assertThat(limit.inFlight()).isEqualTo(4);
        Asking last = ask();
        queue.end(next);
        queue.end(next);
        assertThat(admitted).containsExactly(next.number, last.number);
        assertThat(limit.inFlight()).isEqualTo(4);
    }

    @Test
    void isLookedAtOnlyWhileSomebodyWaits() {
        fill();
        assertThat(starts.get()).isZero();
        ask();
        ask();
        assertThat(starts.get()).isEqualTo(1);
        assertThat(tick(2)).isFalse();
        ask();
        ask();
        assertThat(starts.get()).isEqualTo(2);
    }

    @Test
    void aHigherLimitLetsInThoseWhoWait() {
        AdaptiveLimit rising = new AdaptiveLimit(4, 4, 100, 3_000_000);
        AdmissionQueue before = queue(rising);
        while (before.tryEnter()) {
            // until it is full
        }
        for (int i = 0; i < 20; i++) {
            before.offer(new Asking(HALF_OF_ITS_DEADLINE));
        }
        rising.adapt(0, 0);
        before.admit();
        assertThat(admitted).hasSize(8);
    }

    @Test
    void losesNobodyAndNoPlaceWhenManyThreadsRace() throws InterruptedException {
        AdaptiveLimit raced = new AdaptiveLimit(8, 8, 8, 3_000_000);
        AdmissionQueue shared = queue(raced);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        Thread[] threads = new Thread[32];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = Thread.ofVirtual().start(() -> {
                try {
                    go.await();
                    for (int round = 0; round < 500; round++) {
                        race(shared, inside, most);
                        ended.incrementAndGet();
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
        assertThat(ended.get()).isEqualTo(32 * 500);
        assertThat(most.get()).isBetween(1, 8);
        assertThat(raced.inFlight()).isZero();
        assertThat(shared.waiting()).isZero();
    }

    private static void race(AdmissionQueue shared, AtomicInteger inside, AtomicInteger most)
            throws InterruptedException {
        if (shared.tryEnter()) {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            Thread.sleep(0, 1000);
            inside.decrementAndGet();
            shared.release();
            return;
        }
        CountDownLatch turn = new CountDownLatch(1);
        boolean leaves = ThreadLocalRandom.current().nextInt(4) == 0;
        var one = new WaitingRequest(0, Long.MAX_VALUE / 4, 1) {
            @Override
            protected void admitted() {
                if (!leaves) {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    turn.countDown();
                }
            }

            @Override
            protected void refused() {
                throw new AssertionError("nobody looks for whom to refuse");
            }
        };
        if (!shared.offer(one)) {
            throw new AssertionError("there is memory for all");
        }
        if (leaves) {
            // whether it has its place by now or not
            shared.end(one);
            return;
        }
        turn.await();
        inside.decrementAndGet();
        shared.end(one);
    }
}
