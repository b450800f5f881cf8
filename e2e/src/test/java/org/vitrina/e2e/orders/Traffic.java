package org.vitrina.e2e.orders;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.vitrina.e2e.orders.Http.Answer;
import org.vitrina.e2e.orders.Records.TopUp;

/** Customers of one stack who order all the while, whatever dies, and the sums at the end. */
final class Traffic implements AutoCloseable {
    private static final int USERS = 6;
    private static final int CUSTOMERS = 8;
    private static final int FIRST_USER = 1_001;
    private static final int PRODUCTS = 20;
    private static final int NEARLY_GONE = 30;
    private static final int PLENTY = 1_000_000;
    private static final long POCKET_MONEY_KOPECKS = 200_000_00;
    private static final long FORTUNE_KOPECKS = 1_000_000_000_00L;

    private final OrderStack stack;
    private final long seed;
    private final Duration pause;
    private final Records records = new Records();
    private final Messages messages;
    private final Shelf shelf;
    private final Set<Integer> users = new TreeSet<>();
    private final AtomicBoolean done = new AtomicBoolean();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().name("customer-", 0).factory());
    private final List<Future<?>> customers = new ArrayList<>();

    /**
     * Fills the shelf and the purses.
     *
     * @param pause between two visits of a customer, on average
     */
    Traffic(OrderStack stack, long seed, Duration pause) {
        this.stack = stack;
        this.seed = seed;
        this.pause = pause;
        this.messages = new Messages(stack);
        for (int user = FIRST_USER; user < FIRST_USER + USERS; user++) {
            users.add(user);
        }
        this.shelf = stock(stack);
        pocketMoney(stack, users, records);
    }

    void begin() {
        for (int number = 0; number < CUSTOMERS; number++) {
            customers.add(threads.submit(new Customer(
                    number,
                    FIRST_USER + number % USERS,
                    seed,
                    shelf,
                    stack.program("orders").url(),
                    stack.program("wallet").url(),
                    records,
                    pause,
                    done)));
        }
    }

    Records records() {
        return records;
    }

    Messages messages() {
        return messages;
    }

    /** Ends it; fails with what a customer failed with. */
    @Override
    public void close() {
        done.set(true);
        threads.close();
        for (Future<?> customer : customers) {
            if (customer.state() == Future.State.FAILED) {
                throw new IllegalStateException("a customer failed", customer.exceptionNow());
            }
        }
    }

    /** After the end: waits for quiet and adds up everything. */
    void reconcile() {
        new Reconciliation(stack, shelf, users, records, messages).check();
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
    private static void pocketMoney(OrderStack stack, Set<Integer> users, Records records) {
        Http http = new Http();
        for (int user : users) {
            TopUp topUp =
                    new TopUp(user, "pocket-money-" + user, user % 3 == 0 ? POCKET_MONEY_KOPECKS : FORTUNE_KOPECKS);
            records.intends(topUp);
            Answer paid = Customer.pay(http, stack.program("wallet").url(), topUp, records);
            assertThat(paid.status()).as("%s", paid).isEqualTo(201);
        }
    }
}
