package org.vitrina.e2e.orders;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.vitrina.e2e.orders.CrashPoints.Effect;

/**
 * Lets one service die or freeze at each of its points in turn, and puts it on its feet again: a killed one is started, one
 * that froze longer than its lease goes on, or is killed after all.
 */
final class CrashLoop implements Runnable {
    /** How long until a process reaches the point; customers do everything all the time. */
    private static final Duration COMES_BY = Duration.ofMinutes(2);

    private static final Duration LONGER_THAN_A_LEASE = OrderStack.LEASE.plusMillis(1_500);

    private final OrderStack stack;
    private final Program victim;
    private final List<String> points;
    private final int rounds;
    private final Random random;
    private final Semaphore atOnce;
    private final AtomicInteger unfinished;
    private final List<String> diary = Collections.synchronizedList(new ArrayList<>());

    /**
     * @param atOnce how many may be down together
     * @param unfinished how many tormentors are not through yet
     */
    CrashLoop(
            OrderStack stack,
            String victim,
            List<String> points,
            int rounds,
            Random random,
            Semaphore atOnce,
            AtomicInteger unfinished) {
        this.stack = stack;
        this.victim = stack.program(victim);
        this.points = points;
        this.rounds = rounds;
        this.random = random;
        this.atOnce = atOnce;
        this.unfinished = unfinished;
    }

    /** Each point so many times; then any of them until all others are through, as some are reached only in need. */
    @Override
    public void run() {
        try {
            takeEach();
        } finally {
            unfinished.decrementAndGet();
        }
        while (!points.isEmpty() && unfinished.get() > 0) {
            pause(Duration.ofMillis(500));
            crash(points.get(random.nextInt(points.size())), Effect.KILL);
        }
    }

    private void takeEach() {
        for (int round = 0; round < rounds; round++) {
            List<String> order = new ArrayList<>(points);
            Collections.shuffle(order, random);
            for (String point : order) {
                crash(point, random.nextInt(3) == 0 ? Effect.STOP : Effect.KILL);
            }
        }
    }

    /** What happened where, in that order. */
    List<String> diary() {
        return List.copyOf(diary);
    }

    private void crash(String point, Effect effect) {
        atOnce.acquireUninterruptibly();
        try {
            long begun = System.nanoTime();
            stack.crashPoints().arm(point, effect);
            await("nobody came by " + point)
                    .atMost(COMES_BY)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> stack.crashPoints().isTaken(point));
            long taken = System.nanoTime();
            if (effect == Effect.KILL) {
                await(point).atMost(OrderStack.TIMEOUT).until(() -> !victim.isAlive());
                pause(Duration.ofMillis(random.nextInt(500)));
                victim.start();
            } else {
                await(point).atMost(OrderStack.TIMEOUT).until(victim::isFrozen);
                pause(LONGER_THAN_A_LEASE);
                if (random.nextBoolean()) {
                    victim.thaw();
                } else {
                    victim.kill();
                    victim.start();
                }
            }
            stack.awaitReady(victim);
            diary.add("%s %s: reached after %d ms, on its feet after %d ms"
                    .formatted(effect, point, (taken - begun) / 1_000_000, (System.nanoTime() - taken) / 1_000_000));
        } finally {
            atOnce.release();
        }
    }

    static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
