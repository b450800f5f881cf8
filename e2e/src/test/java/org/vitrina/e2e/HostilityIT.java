package org.vitrina.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vitrina.e2e.HostileClient.Kind;
import org.vitrina.launcher.PartStatus;

/**
 * Those who send what nobody should, beside callers who want their answers, on processes with no more heap than the chart
 * gives them. {@code -Dseed=N} repeats a run's choices; {@code -Dsoak=true} makes it an hour, or as many
 * minutes as {@code -Dsoak.minutes=N} says.
 */
class HostilityIT {
    private static final Duration LENGTH =
            Boolean.getBoolean("soak") ? Duration.ofMinutes(Long.getLong("soak.minutes", 60)) : Duration.ofSeconds(90);
    private static final long SEED =
            Long.getLong("seed", ThreadLocalRandom.current().nextLong(1_000_000));

    /** Connections at a time, to one process. */
    private static final int CROWD = 1000;

    private static final int HOSTILE = 200;
    /** A status or an outcome may be there late for the first time. */
    private static final int NEW_SERIES = 100;

    private static final Duration BETWEEN_GOOD = Duration.ofMillis(50);

    /** What a good caller asks each of them. */
    private static final Map<String, String> GOOD = new LinkedHashMap<>(Map.of(
            "bff", "/products/all?limit=20&user_id=1",
            "orders", "/api/v1/orders/?user_id=1",
            "wallet", "/users/1/wallet",
            "cart", "/users/1/cart"));

    private static final Store STORE = Store.running();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Long> pids = new LinkedHashMap<>();

    @BeforeEach
    void heal() {
        STORE.heal();
        GOOD.keySet().forEach(service -> pids.put(service, STORE.stack().pid(service)));
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void aThousandUnfinishedRequestsEndNoProcessAndKeepNobodyFromBeingServed() throws Exception {
        Kind[] kinds = {Kind.UNFINISHED_BODY, Kind.UNFINISHED_CHUNKS, Kind.UNFINISHED_HEAD};
        for (String service : GOOD.keySet()) {
            List<Future<?>> crowd = new ArrayList<>();
            for (int i = 0; i < CROWD; i++) {
                var random = new Random(SEED + i);
                Kind kind = kinds[i % kinds.length];
                crowd.add(threads.submit(() -> {
                    HostileClient.play(kind, port(service), random);
                    return null;
                }));
            }
            var answers = new ConcurrentHashMap<String, Integer>();
            for (int i = 0; i < 20; i++) {
                answers.merge(ask(service), 1, Integer::sum);
                Thread.sleep(50);
            }
            for (Future<?> one : crowd) {
                one.get(60, TimeUnit.SECONDS);
            }
            assertAnswered(service, answers, 0.5);
            assertSameProcess(service);
        }
    }

    @Test
    void twoLengthsOfABodyAre400Everywhere() throws Exception {
        for (String service : GOOD.keySet()) {
            assertThat(HostileClient.answer(Kind.TWO_LENGTHS, port(service)))
                    .as(service)
                    .startsWith("HTTP/1.1 400 ")
                    .contains("urn:vitrina:problem:bad-request")
                    .containsOnlyOnce("HTTP/1.1");
        }
    }

    @Test
    void hostilityOfAllKindsEndsNoProcessAndLosesNoGoodAnswer() throws Exception {
        System.out.println("hostility with -Dseed=" + SEED);
        long end = System.nanoTime() + LENGTH.toNanos();
        List<Future<?>> crowd = new ArrayList<>();
        Kind[] kinds = Kind.values();
        String[] services = GOOD.keySet().toArray(String[]::new);
        Set<String> played = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < HOSTILE; i++) {
            var random = new Random(SEED + i);
            crowd.add(threads.submit(() -> {
                while (System.nanoTime() - end < 0) {
                    Kind kind = kinds[random.nextInt(kinds.length)];
                    String service = services[random.nextInt(services.length)];
                    HostileClient.play(kind, port(service), random);
                    played.add(kind + " with " + service);
                    Thread.sleep(random.nextInt(1000));
                }
                return null;
            }));
        }
        Map<String, Map<String, Integer>> answers = new LinkedHashMap<>();
        Map<String, Long> series = new LinkedHashMap<>();
        while (System.nanoTime() - end < 0) {
            if (series.isEmpty() && end - System.nanoTime() < LENGTH.toNanos() / 2) {
                GOOD.keySet().forEach(service -> series.put(service, series(service)));
            }
            for (String service : services) {
                answers.computeIfAbsent(service, any -> new LinkedHashMap<>()).merge(ask(service), 1, Integer::sum);
            }
            Thread.sleep(BETWEEN_GOOD);
        }
        for (Future<?> one : crowd) {
            one.get(60, TimeUnit.SECONDS);
        }
        assertThat(played).as("each kind with each service").hasSize(kinds.length * services.length);
        System.out.println("good callers: " + answers + ", series at half-time: " + series);
        for (String service : services) {
            assertSameProcess(service);
            assertAnswered(service, answers.getOrDefault(service, Map.of()), 0.9);
            // each of the crowd would add some at each turn, if what it sends came into a label
            assertThat(series(service))
                    .as("series of %s, seed %d", service, SEED)
                    .isLessThan(series.getOrDefault(service, 0L) + NEW_SERIES);
        }
    }

    /** A machine short of processors may make one late, but none may be lost. */
    private static void assertAnswered(String service, Map<String, Integer> answers, double share) {
        int all = answers.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(answers.keySet()).as("%s, seed %d", service, SEED).allMatch(answer -> answer.length() == 3);
        assertThat(answers.getOrDefault("200", 0))
                .as("%s: %s, seed %d", service, answers, SEED)
                .isGreaterThan((int) (all * share));
    }

    private static int port(String service) {
        return STORE.stack().address(service).port();
    }

    /** The status, or why there is none. */
    private static String ask(String service) {
        try (var connection =
                new WireConnection(new InetSocketAddress(InetAddress.getLoopbackAddress(), port(service)))) {
            return Integer.toString(connection
                    .get(Objects.requireNonNull(GOOD.get(service)), false)
                    .status());
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void assertSameProcess(String service) {
        assertThat(STORE.stack().parts())
                .filteredOn(part -> part.name().equals(service))
                .extracting(PartStatus::pid)
                .as("%s, seed %d: %s", service, SEED, STORE.stack().log(service))
                .containsExactly(pids.get(service));
        await().atMost(Duration.ofSeconds(20)).until(() -> held(service) == 0 && STORE.health(service, "ready") == 200);
    }

    private static long series(String service) {
        return STORE.metrics(service)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .count();
    }

    /** What unfinished requests hold of its memory. */
    private static double held(String service) {
        return STORE.metrics(service)
                .lines()
                .filter(line -> line.startsWith("vitrina_http_held_bytes"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
