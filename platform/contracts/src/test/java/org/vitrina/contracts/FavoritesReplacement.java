package org.vitrina.contracts;

import com.sun.net.httpserver.HttpExchange;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/** Favorites that keep their contract, but for one rule. */
final class FavoritesReplacement extends Replacement {
    private final Map<Integer, Set<Integer>> all = new ConcurrentHashMap<>();
    private final Semaphore turn = new Semaphore(1);

    FavoritesReplacement(String broken) {
        super(broken);
    }

    @Override
    Reply answer(String method, List<String> path, HttpExchange exchange, byte[] body) throws Refusal {
        if (path.size() < 3 || !path.get(0).equals("users") || !path.get(2).equals("favorites")) {
            throw new Refusal(404);
        }
        int user = id(path.get(1));
        if (path.size() == 3) {
            if (!method.equals("GET")) {
                throw new Refusal(405);
            }
            return list(user);
        }
        int product = id(path.get(3));
        return switch (method) {
            case "PUT" -> add(user, product);
            case "DELETE" -> remove(user, product);
            default -> throw new Refusal(405);
        };
    }

    private Set<Integer> of(int user) {
        return all.computeIfAbsent(user, one -> new ConcurrentSkipListSet<>());
    }

    private Reply list(int user) throws Refusal {
        Set<Integer> products = all.getOrDefault(user, Set.of());
        if (products.isEmpty() && !(breaks("none-is-404") && !all.containsKey(user))) {
            throw new Refusal(404);
        }
        String field = breaks("lists-favorites") && products.size() > 2 ? "id" : "product_id";
        return Reply.json(products.stream()
                .map(product -> "{\"" + field + "\":" + product + "}")
                .collect(Collectors.joining(",", "[", "]")));
    }

    private Reply add(int user, int product) throws Refusal {
        if (breaks("at-once")) {
            if (!turn.tryAcquire()) {
                throw new Refusal(503);
            }
            pause();
            turn.release();
        }
        of(user).add(product);
        return breaks("adds-favorite") ? Reply.json("{}") : Reply.DONE;
    }

    private Reply remove(int user, int product) throws Refusal {
        if (breaks("own-favorites")) {
            all.values().forEach(products -> products.remove(product));
        }
        if (!of(user).remove(product) && breaks("idempotent")) {
            throw new Refusal(404);
        }
        if (breaks("removes-favorite")) {
            of(user).clear();
        }
        return Reply.DONE;
    }

    @Override
    int erase(int user) {
        int products = of(user).size();
        of(user).clear();
        return products;
    }
}
