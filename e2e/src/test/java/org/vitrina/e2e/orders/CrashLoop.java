package org.vitrina.e2e.orders;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.vitrina.e2e.orders.CrashPoints.Effect;

/**
 * Lets services die or freeze at each of their points, one after another, and puts them on their feet again: a killed one is
 * started, one that froze longer than its lease goes on, or is killed after all.
 */
final class CrashLoop implements Runnable {
    /** How long until a process reaches the point; customers do everything all the time. */
    private static final Duration COMES_BY = Duration.ofMinutes(2);

    /** A point that nobody came by for so long may be one that is reached only where another service has died. */
    private static final Duration IN_VAIN = Duration.ofSeconds(5);

    private static final Duration LONGER_THAN_A_LEASE = OrderStack.LEASE.plusMillis(1_500);

    private final OrderStack stack;
    private final List<String> points;
    private final int rounds;
    private final Random random;
    private final List<CrashLoop> all;
    private final List<String> diary = Collections.synchronizedList(new ArrayList<>());
    private volatile @Nullable Long armedAt;
    private volatile boolean through;

    /**
     * @param points each begins with the name of its service
     * @param all the loops that run beside each other, this one too
     */
    CrashLoop(OrderStack stack, List<String> points, int rounds, Random random, List<CrashLoop> all) {
        this.stack = stack;
        this.points = points;
        this.rounds = rounds;
        this.random = random;
        this.all = all;
    }

    /** Each point so many times; then deaths at any instant while another loop waits in vain, as some are reached only in need. */
    @Override
    public void run() {
        try {
            takeEach();
        } finally {
            through = true;
        }
        while (!points.isEmpty() && !all.stream().allMatch(loop -> loop.through)) {
            pause(Duration.ofMillis(500));
            if (all.stream().anyMatch(CrashLoop::waitsInVain)) {
                Program victim = victim(points.get(random.nextInt(points.size())));
                diary.add("KILL " + victim.name() + ", as another waits");
                victim.kill();
                victim.start();
                stack.awaitReady(victim);
            }
        }
    }

    private Program victim(String point) {
        return stack.program(point.substring(0, point.indexOf('.')));
    }

    private boolean waitsInVain() {
        Long since = armedAt;
        return since != null && System.nanoTime() - since > IN_VAIN.toNanos();
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
        Program victim = victim(point);
        long begun = System.nanoTime();
        stack.crashPoints().arm(point, effect);
        armedAt = begun;
        await("nobody came by " + point)
                .atMost(COMES_BY)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> stack.crashPoints().isTaken(point));
        armedAt = null;
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
