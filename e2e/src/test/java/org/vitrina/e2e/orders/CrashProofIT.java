package org.vitrina.e2e.orders;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * Kills and freezes every process at every named point while customers order, and then adds up money, stock, orders and
 * messages. {@code -Dseed=N} repeats a run's choices; {@code -Dsoak=true} takes each point eight times and goes on until
 * 10 000 orders. {@code -Dpoints=REGEX} takes only the points that match, to look into one of them.
 */
class CrashProofIT {
    private static final boolean SOAK = Boolean.getBoolean("soak");
    private static final long SEED =
            Long.getLong("seed", ThreadLocalRandom.current().nextLong(1_000_000));

    private static final String ALL = ".*";
    private static final String POINTS = System.getProperty("points", ALL);

    private static final List<String> VICTIMS = List.of("wallet", "inventory", "orders", "notifications");
    private static final int LEAST_POINTS = 25;

    @Test
    void nothingIsLostOrDoubledWhateverDiesAndWhenever() throws Exception {
        System.out.println("crash proof with -Dseed=" + SEED + (SOAK ? " -Dsoak=true" : ""));
        Map<String, List<String>> points = new LinkedHashMap<>();
        VICTIMS.forEach(victim -> points.put(
                victim,
                PointsInSources.of(OrderStack.PROJECT, victim).stream()
                        .filter(point -> point.matches(POINTS))
                        .toList()));
        assertThat(points.values().stream().mapToInt(List::size).sum())
                .as("crash points %s", points)
                .isGreaterThanOrEqualTo(POINTS.equals(ALL) ? LEAST_POINTS : 0);
        try (OrderStack stack = new OrderStack(OrderStack.PROJECT.resolve(Path.of("e2e/target/crash-proof")))) {
            try {
                prove(stack, points);
            } catch (Exception | AssertionError failed) {
                System.out.println("crash proof failed, repeat with -Dseed=" + SEED + "\n" + stack.lastWords());
                throw failed;
            }
        }
    }

    private static void prove(OrderStack stack, Map<String, List<String>> points)
            throws ExecutionException, InterruptedException {
        AtomicBoolean calm = new AtomicBoolean();
        List<CrashLoop> crashLoops = new ArrayList<>();
        Traffic traffic = new Traffic(stack, SEED, Duration.ofMillis(SOAK ? 40 : 120));
        BackgroundFaults weather = new BackgroundFaults(stack, traffic.messages(), new Random(SEED + 99), calm);
        long begun = System.nanoTime();
        try (traffic;
                ExecutorService threads = Executors.newThreadPerTaskExecutor(
                        Thread.ofPlatform().name("crash-proof-", 0).factory())) {
            traffic.begin();
            List<Future<?>> troubles = new ArrayList<>();
            int seed = 1;
            for (List<String> ofOne : twoHalves(points)) {
                crashLoops.add(new CrashLoop(stack, ofOne, SOAK ? 8 : 1, new Random(SEED + seed++), crashLoops));
            }
            crashLoops.forEach(crashLoop -> troubles.add(threads.submit(crashLoop)));
            Future<?> clouds = threads.submit(weather);
            try {
                for (Future<?> trouble : troubles) {
                    trouble.get();
                }
                while (SOAK && traffic.records().intents().size() < 10_000) {
                    CrashLoop.pause(Duration.ofSeconds(1));
                }
                calm.set(true);
                clouds.get();
                // what counted as dead must show that it runs
                CrashLoop.pause(Duration.ofSeconds(1));
            } finally {
                calm.set(true);
                crashLoops.forEach(crashLoop -> crashLoop.diary().forEach(System.out::println));
                weather.diary().forEach(System.out::println);
            }
        }
        stack.heal();
        long quiet = System.nanoTime();
        traffic.reconcile();
        System.out.println("crash proof: " + traffic.records().intents().size() + " orders intended, answers "
                + traffic.records()
                + ", trouble " + seconds(quiet - begun) + " s, quiet " + seconds(System.nanoTime() - quiet) + " s");
    }

    /**
     * Two services at once are down, from the beginning to the end: that with the most points and one of the others. More
     * would only wait for each other's work.
     */
    private static List<List<String>> twoHalves(Map<String, List<String>> points) {
        List<List<String>> ofServices = points.values().stream()
                .sorted(Comparator.<List<String>>comparingInt(List::size).reversed())
                .toList();
        return List.of(
                ofServices.getFirst(),
                ofServices.stream().skip(1).flatMap(List::stream).toList());
    }

    private static long seconds(long nanos) {
        return Duration.ofNanos(nanos).toSeconds();
    }
}
