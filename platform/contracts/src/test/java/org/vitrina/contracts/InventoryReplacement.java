package org.vitrina.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/** An inventory that keeps its contract, but for one rule. */
final class InventoryReplacement extends Replacement {
    private final Map<Integer, Stock> stocks = new HashMap<>();
    private final Map<String, Order> orders = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    private static final class Stock {
        int onHand;
        int reserved;

        int left() {
            return onHand - reserved;
        }
    }

    private static final class Order {
        final Map<Integer, Integer> items;
        boolean committed;
        boolean released;

        Order(Map<Integer, Integer> items) {
            this.items = items;
        }
    }

    InventoryReplacement(String broken) {
        super(broken);
    }

    @Override
    Reply answer(String method, List<String> path, HttpExchange exchange, byte[] body) throws Refusal {
        String what = path.getFirst() + path.size() + method;
        lock.lock();
        try {
            return switch (what) {
                case "inventory1GET" ->
                    batch(exchange.getRequestURI().getRawQuery().split("=", 2)[1]);
                case "products3GET" -> read(path.get(2), id(path.get(1)), exchange);
                case "products3PUT" -> set(id(path.get(1)), pieces(exchange, body), exchange);
                case "reservations2PUT" ->
                    reserve(path.get(1), json(exchange, body).path("items"));
                case "reservations2DELETE" -> release(path.get(1));
                case "reservations3POST" -> commit(path.get(1));
                default -> throw new Refusal(404);
            };
        } finally {
            lock.unlock();
        }
    }

    private Stock stock(int product) {
        return stocks.computeIfAbsent(product, any -> new Stock());
    }

    private Reply read(String what, int product, HttpExchange exchange) throws Refusal {
        Stock stock = stocks.get(product);
        if (stock == null) {
            if (breaks("unknown-level") && what.equals("inventory")) {
                return Reply.json("{}");
            }
            throw new Refusal(404);
        }
        if (what.equals("stock")) {
            exchange.getResponseHeaders().set("ETag", "\"" + stock.onHand + "\"");
            return Reply.json(
                    "{\"on_hand\":" + stock.onHand + ",\"reserved\":" + (breaks("stock") ? 0 : stock.reserved) + "}");
        }
        boolean text = breaks("tells-level") && stock.left() == 7 && stock.reserved == 0;
        return Reply.json("{\"inventory\":" + (text ? "\"7\"" : stock.left()) + "}");
    }

    private Reply batch(String text) throws Refusal {
        String[] ids = text.split(",", -1);
        if (ids.length > 500 && !breaks("batch-size")) {
            throw new Refusal(400);
        }
        if (breaks("batch")) {
            Arrays.sort(ids);
        }
        return Reply.json(Arrays.stream(ids)
                .map(id -> {
                    Stock stock = stocks.get(Integer.parseInt(id));
                    return "{\"product_id\":" + id + ",\"inventory\":"
                            + (stock == null ? "null,\"reason\":\"unknown\"" : stock.left()) + "}";
                })
                .collect(Collectors.joining(",", "[", "]")));
    }

    private int pieces(HttpExchange exchange, byte[] body) throws Refusal {
        JsonNode pieces = json(exchange, body).path("inventory");
        if (!pieces.isInt() && !(pieces.isTextual() && breaks("bad-body"))) {
            throw new Refusal(400);
        }
        if (pieces.asInt() < 0) {
            throw new Refusal(400, "inventory");
        }
        return pieces.asInt();
    }

    private Reply set(int product, int onHand, HttpExchange exchange) throws Refusal {
        Stock stock = stock(product);
        String tag = header(exchange, "If-Match");
        if (!tag.isEmpty() && !tag.equals("\"" + stock.onHand + "\"") && !breaks("if-match")) {
            throw new Refusal(412);
        }
        if (onHand < stock.reserved) {
            if (breaks("below-reserved")) {
                throw new Refusal(400);
            }
            throw new Refusal(409, "", "below-reserved");
        }
        stock.onHand = onHand;
        return Reply.json("{\"inventory\":" + (breaks("sets-on-hand") ? onHand : stock.left()) + "}");
    }

    private Reply reserve(String id, JsonNode wanted) throws Refusal {
        Map<Integer, Integer> items = new TreeMap<>();
        wanted.forEach(item ->
                items.put(item.path("product_id").asInt(), item.path("quantity").asInt()));
        Order there = orders.get(id);
        if (there != null && there.released && !(breaks("cancelled") && there.items.isEmpty())) {
            throw new Refusal(409, "", "cancelled");
        }
        if (there != null && !there.released && !there.items.equals(items) && !breaks("reservation-differs")) {
            throw new Refusal(409, "", "reservation-differs");
        }
        if (there != null && !there.released) {
            if (breaks("reserves-once")) {
                take(items);
            }
            return new Reply(200, "application/json", "{}");
        }
        Map<Integer, Integer> missing = new TreeMap<>(items);
        missing.entrySet().removeIf(item -> stock(item.getKey()).left() >= item.getValue());
        if (breaks("never-oversold")) {
            // what was seen is old by then
            lock.unlock();
            pause();
            lock.lock();
        }
        if (breaks("all-or-nothing") && !missing.isEmpty()) {
            items.keySet().removeAll(missing.keySet());
            take(items);
        }
        if (!missing.isEmpty()) {
            throw new Refusal(
                    409, breaks("out-of-stock") ? "" : missing.keySet().toString(), "out-of-stock");
        }
        take(items);
        orders.put(id, new Order(items));
        return new Reply(breaks("reserves") ? 202 : 201, "application/json", "{}");
    }

    private void take(Map<Integer, Integer> items) {
        items.forEach((product, pieces) -> stock(product).reserved += pieces);
    }

    private Reply release(String id) throws Refusal {
        Order order = orders.computeIfAbsent(id, any -> new Order(Map.of()));
        if (order.released && breaks("releases")) {
            throw new Refusal(404);
        }
        if (!order.released && !(order.committed && breaks("releases-committed"))) {
            order.items.forEach((product, pieces) -> {
                Stock stock = stock(product);
                stock.onHand += order.committed ? pieces : 0;
                stock.reserved -= order.committed ? 0 : pieces;
            });
        }
        order.released = true;
        return Reply.DONE;
    }

    private Reply commit(String id) throws Refusal {
        Order order = orders.get(id);
        if (order == null || order.released) {
            throw new Refusal(409);
        }
        if (order.committed && breaks("commits")) {
            throw new Refusal(409);
        }
        if (!order.committed) {
            order.items.forEach((product, pieces) -> {
                stock(product).onHand -= pieces;
                stock(product).reserved -= pieces;
            });
        }
        order.committed = true;
        return Reply.DONE;
    }
}
