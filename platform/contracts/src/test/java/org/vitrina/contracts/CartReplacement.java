package org.vitrina.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A cart that keeps its contract, but for one rule. */
final class CartReplacement extends Replacement {
    private final Map<Integer, Map<Integer, Integer>> carts = new ConcurrentHashMap<>();
    private final AtomicInteger writing = new AtomicInteger();

    CartReplacement(String broken) {
        super(broken);
    }

    @Override
    Reply answer(String method, List<String> path, HttpExchange exchange, byte[] body) throws Refusal {
        if (path.size() < 3 || !path.get(0).equals("users") || !path.get(2).equals("cart")) {
            throw new Refusal(404);
        }
        int user = id(path.get(1));
        if (path.size() == 3) {
            return switch (method) {
                case "GET" -> list(user);
                case "DELETE" -> empty(user);
                default -> throw new Refusal(405);
            };
        }
        int product = id(path.get(3));
        return switch (method) {
            case "PUT" -> put(user, product, quantity(exchange, body));
            case "DELETE" -> remove(user, product);
            default -> throw new Refusal(405);
        };
    }

    private Map<Integer, Integer> cart(int user) {
        return carts.computeIfAbsent(user, one -> new ConcurrentSkipListMap<>());
    }

    private Reply list(int user) throws Refusal {
        if (breaks("empty-cart") && !carts.containsKey(user)) {
            throw new Refusal(404);
        }
        Map<Integer, Integer> lines = carts.getOrDefault(user, Map.of());
        String quote = breaks("lists-lines") && lines.size() > 2 ? "\"" : "";
        return Reply.json(lines.entrySet().stream()
                .map(line ->
                        "{\"product_id\":" + line.getKey() + ",\"quantity\":" + quote + line.getValue() + quote + "}")
                .collect(Collectors.joining(",", "[", "]")));
    }

    private Reply put(int user, int product, int quantity) throws Refusal {
        try {
            if (writing.incrementAndGet() > 1 && breaks("at-once")) {
                throw new Refusal(503);
            }
            if (breaks("at-once")) {
                pause();
            }
            if (breaks("sets-quantity")) {
                cart(user).putIfAbsent(product, quantity);
            } else {
                cart(user).put(product, quantity);
            }
        } finally {
            writing.decrementAndGet();
        }
        return breaks("puts-line") ? Reply.json("{}") : Reply.DONE;
    }

    private int quantity(HttpExchange exchange, byte[] body) throws Refusal {
        JsonNode quantity = json(exchange, body).path("quantity");
        boolean text = quantity.isTextual() && breaks("bad-body");
        if (!quantity.isIntegralNumber() && !text) {
            throw new Refusal(400);
        }
        int pieces = quantity.asInt();
        if ((pieces < 1 && !breaks("quantity-bounds")) || pieces > 999) {
            throw new Refusal(400, "quantity");
        }
        return pieces;
    }

    private Reply remove(int user, int product) throws Refusal {
        if (cart(user).remove(product) == null && breaks("idempotent")) {
            throw new Refusal(404);
        }
        if (breaks("removes-line")) {
            cart(user).clear();
        }
        return Reply.DONE;
    }

    private Reply empty(int user) {
        if (breaks("own-cart")) {
            carts.values().forEach(Map::clear);
        }
        if (breaks("empties-cart")) {
            cart(user).remove(1);
        } else {
            cart(user).clear();
        }
        return Reply.DONE;
    }

    @Override
    int erase(int user) {
        int lines = cart(user).size();
        cart(user).clear();
        return lines;
    }
}
