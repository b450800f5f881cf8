package org.vitrina.e2e.orders;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.vitrina.e2e.orders.Http.Answer;
import org.vitrina.e2e.orders.Records.Intent;
import org.vitrina.e2e.orders.Records.TopUp;

/**
 * One person with a shop on the telephone, who double-clicks, loses the connection, comes back with an old page, changes
 * their mind. All of it follows from a seed.
 */
final class Customer implements Runnable {
    private static final List<Integer> ORDER_ANSWERS = List.of(201, 202, 402, 409, 412, 503, 504);
    private static final List<Integer> CANCEL_ANSWERS = List.of(200, 202, 409, 412, 503, 504);
    private static final List<Integer> TOP_UP_ANSWERS = List.of(200, 201, 409, 503, 504);
    private static final List<Integer> READ_ANSWERS = List.of(200, 503, 504);

    private static final AtomicInteger PHONES = new AtomicInteger();

    private final int user;
    private final String name;
    private final Random random;
    private final Shelf shelf;
    private final String orders;
    private final String wallet;
    private final Records tally;
    private final Duration pause;
    private final AtomicBoolean done;
    private final Http http = new Http();
    private int keys;

    /**
     * @param shelf what can be bought
     * @param orders where orders are placed
     * @param wallet where top-ups are made
     * @param pause between two visits, on average
     * @param done set when customers stop
     */
    Customer(
            int number,
            int user,
            long seed,
            Shelf shelf,
            String orders,
            String wallet,
            Records tally,
            Duration pause,
            AtomicBoolean done) {
        this.user = user;
        this.name = "c" + number;
        this.random = new Random(seed * 1_000 + number);
        this.shelf = shelf;
        this.orders = orders;
        this.wallet = wallet;
        this.tally = tally;
        this.pause = pause;
        this.done = done;
    }

    @Override
    public void run() {
        try (ExecutorService fingers = Executors.newVirtualThreadPerTaskExecutor()) {
            while (!done.get()) {
                switch (random.nextInt(20)) {
                    case 0, 1, 2 -> clickTwice(fingers);
                    case 3, 4 -> closeTheApp();
                    case 5, 6 -> changeTheMindAtOnce(fingers);
                    case 7, 8, 9 -> buyAndCancel();
                    case 10 -> topUp(fingers);
                    case 11 -> read();
                    default -> order(intent());
                }
                Thread.sleep(pause.toMillis() / 2 + random.nextLong(pause.toMillis()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Orders, and repeats with the same key a few times while nobody says what became of it. */
    private Answer order(Intent intent) throws InterruptedException {
        Answer answer = post(intent, "order", Duration.ofSeconds(10));
        for (int again = 0; again < 3 && answer.unknown(); again++) {
            Thread.sleep(100L + random.nextInt(200));
            answer = post(intent, "order again", Duration.ofSeconds(10));
        }
        return answer;
    }

    private void clickTwice(ExecutorService fingers) {
        Intent intent = intent();
        both(
                fingers,
                () -> post(intent, "click", Duration.ofSeconds(10)),
                () -> post(intent, "click", Duration.ofSeconds(10)));
    }

    /** The answer never reaches the customer, who comes back with the page of before and a new key. */
    private void closeTheApp() throws InterruptedException {
        Answer before = read();
        Intent lost = intent();
        post(lost, "lost order", Duration.ofMillis(5 + random.nextInt(150)));
        Thread.sleep(random.nextInt(100));
        Intent anew = intent();
        before.etag()
                .ifPresent(old -> tally.answered(
                        "order with an old version", http.send(request(anew).header("If-Match", old)), ORDER_ANSWERS));
    }

    private void changeTheMindAtOnce(ExecutorService fingers) {
        Intent intent = intent();
        Future<Answer> placed = fingers.submit(() -> post(intent, "order", Duration.ofSeconds(10)));
        Answer page = read();
        if (page.status() == 200) {
            JsonNode newest = page.json().path("orders").path(0);
            if (newest.path("shipping_to").asText().equals(intent.key())) {
                cancel(newest.path("order_id").asText());
            }
        }
        Answer answer = result(placed);
        if (answer.status() == 202) {
            cancel(answer.json().path("order_id").asText());
        }
    }

    private void buyAndCancel() throws InterruptedException {
        Answer answer = order(intent());
        if (answer.status() == 201 || answer.status() == 202) {
            String id = answer.json().path("order_id").asText();
            Thread.sleep(random.nextInt(100));
            cancel(id);
            if (random.nextInt(3) == 0) {
                cancel(id);
            }
        }
    }

    private void topUp(ExecutorService fingers) {
        TopUp topUp = new TopUp(user, nextKey(), 100L * (1 + random.nextInt(3_000)));
        tally.intends(topUp);
        if (random.nextBoolean()) {
            both(fingers, () -> pay(http, wallet, topUp, tally), () -> pay(http, wallet, topUp, tally));
        } else {
            pay(http, wallet, topUp, tally);
        }
    }

    private Answer read() {
        return tally.answered("read", http.get(ordersOf(orders) + "?limit=5&user_id=" + user), READ_ANSWERS);
    }

    private void cancel(String orderId) {
        tally.answered("cancel", http.delete(ordersOf(orders) + orderId + "/?user_id=" + user), CANCEL_ANSWERS);
    }

    private Answer post(Intent intent, String what, Duration timeout) {
        Answer answer = tally.answered(what, http.send(request(intent).timeout(timeout)), ORDER_ANSWERS);
        if (answer.status() == 201 || answer.status() == 202) {
            tally.promised(answer.json().path("order_id").asText());
        }
        return answer;
    }

    private HttpRequest.Builder request(Intent intent) {
        return request(orders, intent);
    }

    /** The order as a request that may be sent many times. */
    static HttpRequest.Builder request(String orders, Intent intent) {
        return Http.json(ordersOf(orders) + "?user_id=" + intent.user())
                .header("Idempotency-Key", intent.key())
                .POST(HttpRequest.BodyPublishers.ofString(intent.body()));
    }

    /** Pays in; may be repeated. */
    static Answer pay(Http http, String wallet, TopUp topUp, Records tally) {
        String amount = topUp.kopecks() / 100 + "." + "%02d".formatted(topUp.kopecks() % 100);
        return tally.answered(
                "top-up",
                http.send(Http.json(wallet + "/users/" + topUp.user() + "/wallet/top-ups")
                        .header("Idempotency-Key", topUp.key())
                        .POST(HttpRequest.BodyPublishers.ofString("{\"amount\":\"" + amount + "\"}"))),
                TOP_UP_ANSWERS);
    }

    static String ordersOf(String orders) {
        return orders + "/api/v1/orders/";
    }

    private Intent intent() {
        String key = nextKey();
        String phone = "+7999%07d".formatted(PHONES.incrementAndGet());
        List<String> lines = new ArrayList<>();
        Set<Integer> chosen = new TreeSet<>();
        for (int line = 1 + random.nextInt(3); line > 0; line--) {
            chosen.add(shelf.any(random));
        }
        for (int product : chosen) {
            lines.add("{\"id\":" + product + ",\"price\":\"" + shelf.price(product) + "\",\"quantity\":"
                    + (1 + random.nextInt(3)) + "}");
        }
        Intent intent = new Intent(
                user,
                key,
                phone,
                "{\"products\":[" + String.join(",", lines) + "],\"shipping_to\":\"" + key + "\",\"phone\":\"" + phone
                        + "\"}");
        tally.intends(intent);
        return intent;
    }

    private String nextKey() {
        return name + "-" + keys++;
    }

    private static void both(ExecutorService fingers, Callable<Answer> one, Callable<Answer> other) {
        Future<Answer> first = fingers.submit(one);
        Future<Answer> second = fingers.submit(other);
        result(first);
        result(second);
    }

    private static Answer result(Future<Answer> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.NONE;
        }
    }
}
