package org.vitrina.e2e.orders;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.vitrina.e2e.orders.Http.Answer;
import org.vitrina.e2e.orders.Records.TopUp;

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

    private static final int USERS = 6;
    private static final int CUSTOMERS = 8;
    private static final int FIRST_USER = 1_001;
    private static final int PRODUCTS = 20;
    private static final int NEARLY_GONE = 30;
    private static final int PLENTY = 1_000_000;
    private static final long POCKET_MONEY_KOPECKS = 200_000_00;
    private static final long FORTUNE_KOPECKS = 1_000_000_000_00L;

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
        Records tally = new Records();
        Set<Integer> users = new TreeSet<>();
        for (int user = FIRST_USER; user < FIRST_USER + USERS; user++) {
            users.add(user);
        }
        Shelf shelf = stock(stack);
        pocketMoney(stack, users, tally);
        AtomicBoolean done = new AtomicBoolean();
        AtomicBoolean calm = new AtomicBoolean();
        List<CrashLoop> crashLoops = new ArrayList<>();
        Messages messages = new Messages(stack);
        BackgroundFaults weather = new BackgroundFaults(stack, messages, new Random(SEED + 99), calm);
        long begun = System.nanoTime();
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("crash-proof-", 0).factory())) {
            List<Future<?>> customers = new ArrayList<>();
            List<Future<?>> troubles = new ArrayList<>();
            for (int number = 0; number < CUSTOMERS; number++) {
                customers.add(threads.submit(new Customer(
                        number,
                        FIRST_USER + number % USERS,
                        SEED,
                        shelf,
                        stack.program("orders").url(),
                        stack.program("wallet").url(),
                        tally,
                        Duration.ofMillis(SOAK ? 40 : 120),
                        done)));
            }
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
                while (SOAK && tally.intents().size() < 10_000) {
                    CrashLoop.pause(Duration.ofSeconds(1));
                }
                calm.set(true);
                clouds.get();
                // what counted as dead must show that it runs
                CrashLoop.pause(Duration.ofSeconds(1));
            } finally {
                calm.set(true);
                done.set(true);
                crashLoops.forEach(crashLoop -> crashLoop.diary().forEach(System.out::println));
                weather.diary().forEach(System.out::println);
            }
            for (Future<?> customer : customers) {
                customer.get();
            }
        }
        stack.heal();
        long quiet = System.nanoTime();
        new Reconciliation(stack, shelf, users, tally, messages).check();
        System.out.println("crash proof: " + tally.intents().size() + " orders intended, answers " + tally
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

    /** The first products of the demo catalogue, the first in plenty, every fifth nearly gone. */
    private static Shelf stock(OrderStack stack) {
        Http http = new Http();
        Map<Integer, String> prices = new TreeMap<>();
        Map<Integer, Integer> levels = new TreeMap<>();
        JsonNode products = http.get(stack.program("products").url() + "/products?limit=" + PRODUCTS)
                .json();
        for (JsonNode product : products) {
            int id = product.path("product_id").asInt();
            int level = id % 5 == 0 ? NEARLY_GONE : PLENTY;
            Answer set = http.put(
                    stack.program("inventory").url() + "/products/" + id + "/inventory",
                    "{\"inventory\":" + level + "}");
            assertThat(set.status()).as("%s", set).isEqualTo(200);
            prices.put(id, product.path("price").asText());
            levels.put(id, level);
        }
        return new Shelf(List.copyOf(prices.keySet()), prices, levels);
    }

    /** Every third user will soon have too little. */
    private static void pocketMoney(OrderStack stack, Set<Integer> users, Records tally) {
        Http http = new Http();
        for (int user : users) {
            TopUp topUp =
                    new TopUp(user, "pocket-money-" + user, user % 3 == 0 ? POCKET_MONEY_KOPECKS : FORTUNE_KOPECKS);
            tally.intends(topUp);
            Answer paid = Customer.pay(http, stack.program("wallet").url(), topUp, tally);
            assertThat(paid.status()).as("%s", paid).isEqualTo(201);
        }
    }
}
