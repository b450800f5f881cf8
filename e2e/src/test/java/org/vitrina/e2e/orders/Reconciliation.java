package org.vitrina.e2e.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.vitrina.e2e.orders.Http.Answer;
import org.vitrina.e2e.orders.Records.Intent;
import org.vitrina.e2e.orders.Records.TopUp;

/** Adds up everything once nothing moves any more: orders, money, stock, messages. */
final class Reconciliation {
    private static final Set<String> FINAL = Set.of("confirmed", "rejected", "cancelled");
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final OrderStack stack;
    private final Shelf shelf;
    private final Set<Integer> users;
    private final Records tally;
    private final Messages messages;
    private final Http http = new Http();

    Reconciliation(OrderStack stack, Shelf shelf, Set<Integer> users, Records tally, Messages messages) {
        this.messages = messages;
        this.stack = stack;
        this.shelf = shelf;
        this.users = users;
        this.tally = tally;
    }

    /** One order as its owner's list shows it in the end. */
    private record Placed(
            int user, String id, String status, BigDecimal total, String key, Map<Integer, Integer> products) {}

    /** Waits for quiet, then compares; fails with all that does not agree. */
    void check() {
        // a customer who does not know whether a top-up came through repeats it, with the same key
        for (TopUp topUp : tally.topUps()) {
            await("top-up " + topUp.key()).atMost(TIMEOUT).ignoreExceptions().until(() -> List.of(200, 201)
                    .contains(Customer.pay(http, stack.program("wallet").url(), topUp, tally)
                            .status()));
        }
        await("every order final")
                .atMost(TIMEOUT)
                .ignoreExceptions()
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(placed().stream().filter(order -> !FINAL.contains(order.status())))
                        .isEmpty());
        await("every confirmed order's stock gone out")
                .atMost(TIMEOUT)
                .ignoreExceptions()
                .pollInterval(Duration.ofMillis(500))
                .until(() -> stack.audit("inventory").path("held").asLong() == 0);
        messages.awaitQuiet(TIMEOUT);
        List<Placed> orders = placed();
        List<String> wrong = new ArrayList<>(tally.surprises());
        wrong.addAll(ordersThatAreLost(orders));
        wrong.addAll(ordersThatAreDoubled(orders));
        wrong.addAll(moneyThatIsLost(orders));
        wrong.addAll(stockThatIsLost(orders));
        wrong.addAll(messages.whatIsWrong(endOfPhones(orders)));
        for (String service : List.of("wallet", "inventory", "orders", "notifications")) {
            JsonNode audit = stack.audit(service);
            if (!audit.path("consistent").asBoolean()) {
                wrong.add(service + " says of its own books: " + audit);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(orders.stream().filter(order -> order.status().equals("confirmed")))
                .as("orders that were confirmed: without them nothing was proved")
                .isNotEmpty();
    }

    private List<Placed> placed() {
        List<Placed> all = new ArrayList<>();
        for (int user : users) {
            String before = "";
            while (true) {
                Answer page = http.get(
                        Customer.ordersOf(stack.program("orders").url()) + "?limit=100&user_id=" + user + before);
                if (page.status() != 200) {
                    throw new IllegalStateException("the orders of user " + user + " cannot be read: " + page);
                }
                JsonNode orders = page.json().path("orders");
                orders.forEach(order -> all.add(placed(user, order)));
                if (orders.size() < 100) {
                    break;
                }
                before = "&before=" + orders.path(99).path("order_id").asText();
            }
        }
        return all;
    }

    private static Placed placed(int user, JsonNode order) {
        Map<Integer, Integer> products = new TreeMap<>();
        order.path("products")
                .forEach(line -> products.merge(
                        line.path("id").asInt(), line.path("quantity").asInt(), Integer::sum));
        return new Placed(
                user,
                order.path("order_id").asText(),
                order.path("status").asText(),
                new BigDecimal(order.path("total").asText()),
                order.path("shipping_to").asText(),
                products);
    }

    private List<String> ordersThatAreLost(List<Placed> orders) {
        Set<String> lost = new TreeSet<>(tally.promised());
        orders.forEach(order -> lost.remove(order.id()));
        return lost.stream()
                .map(id -> "a customer was told to have order " + id + ", which is nowhere")
                .toList();
    }

    private List<String> ordersThatAreDoubled(List<Placed> orders) {
        List<String> wrong = new ArrayList<>();
        Map<String, Placed> standing = new HashMap<>();
        for (Placed order : orders) {
            Intent intent = tally.intents().get(order.key());
            if (intent == null || intent.user() != order.user()) {
                wrong.add("nobody wanted " + order);
            }
            if (!order.status().equals("rejected")) {
                Placed other = standing.put(order.key(), order);
                if (other != null) {
                    wrong.add("one key, two orders: " + other + " and " + order);
                }
            }
        }
        return wrong;
    }

    private Map<String, String> endOfPhones(List<Placed> orders) {
        Map<String, String> ends = new HashMap<>();
        for (Placed order : orders) {
            Intent intent = tally.intents().get(order.key());
            if (intent != null && !order.status().equals("rejected")) {
                ends.put(intent.phone(), order.status());
            }
        }
        return ends;
    }

    private List<String> moneyThatIsLost(List<Placed> orders) {
        List<String> wrong = new ArrayList<>();
        JsonNode audit = stack.audit("wallet");
        BigDecimal paidIn = BigDecimal.ZERO;
        BigDecimal spent = BigDecimal.ZERO;
        for (int user : users) {
            BigDecimal in = tally.topUps().stream()
                    .filter(topUp -> topUp.user() == user)
                    .map(topUp -> BigDecimal.valueOf(topUp.kopecks(), 2))
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
            BigDecimal out = orders.stream()
                    .filter(order -> order.user() == user && order.status().equals("confirmed"))
                    .map(Placed::total)
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
            BigDecimal there = new BigDecimal(http.get(stack.program("wallet").url() + "/users/" + user + "/wallet")
                    .json()
                    .path("balance")
                    .asText());
            if (there.compareTo(in.subtract(out)) != 0) {
                wrong.add("user " + user + " paid in " + in + ", confirmed orders cost " + out
                        + ", but the wallet holds " + there);
            }
            paidIn = paidIn.add(in);
            spent = spent.add(out);
        }
        if (new BigDecimal(audit.path("sales").asText()).compareTo(spent) != 0) {
            wrong.add("confirmed orders cost " + spent + ", the ledger says " + audit.path("sales"));
        }
        if (new BigDecimal(audit.path("top_ups").asText()).negate().compareTo(paidIn) != 0) {
            wrong.add("users paid in " + paidIn + ", the ledger says " + audit.path("top_ups"));
        }
        if (new BigDecimal(audit.path("sum").asText()).signum() != 0) {
            wrong.add("all accounts add up to " + audit.path("sum"));
        }
        return wrong;
    }

    private List<String> stockThatIsLost(List<Placed> orders) {
        List<String> wrong = new ArrayList<>();
        for (int product : shelf.products()) {
            int sold = orders.stream()
                    .filter(order -> order.status().equals("confirmed"))
                    .mapToInt(order -> order.products().getOrDefault(product, 0))
                    .sum();
            int there = http.get(stack.program("inventory").url() + "/products/" + product + "/inventory")
                    .json()
                    .path("inventory")
                    .asInt();
            int before = java.util.Objects.requireNonNull(shelf.stock().get(product));
            if (there != before - sold) {
                wrong.add("of product " + product + " there were " + before + ", confirmed orders took " + sold
                        + ", but there are " + there);
            }
        }
        return wrong;
    }
}
