package org.vitrina.orders;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.http.FakeService;
import org.vitrina.testing.http.FakeService.Request;

/**
 * Products, wallet and inventory with small ledgers that keep the contract, and with faults that a test puts before them: so
 * that money and stock can be added up afterwards.
 */
public final class Shop implements QuarkusTestResourceLifecycleManager {
    /** A fault: what is answered to a request, whether or not it is carried out. */
    @FunctionalInterface
    interface Fault {
        /** @param carryOut does what was asked and gives the answer to it */
        Answer answer(Request request, Supplier<Answer> carryOut);
    }

    static final Fault NONE = (request, carryOut) -> carryOut.get();
    static final Fault AWAY = (request, carryOut) -> Answer.RESETS;
    static final Fault FAILS = (request, carryOut) -> Answer.status(500);
    static final Fault HANGS = (request, carryOut) -> Answer.HANGS;
    /** It is done, and nobody learns of it. */
    static final Fault LOSES_ANSWERS = (request, carryOut) -> {
        var unused = carryOut.get();
        return Answer.RESETS;
    };

    private static final String TYPE = "urn:vitrina:problem:";

    /** What a test class has injected. */
    static final class Services {
        final Products products = new Products();
        final Wallet wallet = new Wallet();
        final Inventory inventory = new Inventory();
        final Notifications notifications = new Notifications();

        void heal() {
            products.fault = NONE;
            wallet.fault = NONE;
            inventory.fault = NONE;
        }
    }

    /** Prices. A product is there as soon as it has one. */
    static final class Products {
        volatile Fault fault = NONE;
        final Map<Integer, String> prices = new ConcurrentHashMap<>();
        final FakeService http = FakeService.answering(request -> fault.answer(request, () -> list(request)));

        private Answer list(Request request) {
            var products = new JsonArray();
            for (String id : request.target()
                    .substring(request.target().indexOf('=') + 1)
                    .split(",", -1)) {
                String price = prices.get(Integer.valueOf(id));
                if (price != null) {
                    products.add(new JsonObject()
                            .put("product_id", Integer.valueOf(id))
                            .put("product_name", "p")
                            .put("price", price)
                            .put("category_id", 1));
                }
            }
            return Answer.json(products.encode());
        }
    }

    /** Balances and debits. */
    static final class Wallet {
        volatile Fault fault = NONE;
        final Map<Integer, BigDecimal> balances = new HashMap<>();
        /** By order: the amount, or null for a tombstone. */
        final Map<String, @Nullable BigDecimal> debits = new HashMap<>();

        final FakeService http = FakeService.answering(request -> fault.answer(request, () -> debit(request)));

        void fill(int user, String amount) {
            synchronized (this) {
                balances.merge(user, new BigDecimal(amount), BigDecimal::add);
            }
        }

        BigDecimal balance(int user) {
            synchronized (this) {
                return balances.getOrDefault(user, new BigDecimal("0.00"));
            }
        }

        private Answer debit(Request request) {
            String[] path = request.target().split("/", -1);
            int user = Integer.parseInt(path[2]);
            String order = path[5];
            synchronized (this) {
                boolean known = debits.containsKey(order);
                BigDecimal before = debits.get(order);
                if (request.method().equals("DELETE")) {
                    if (before != null) {
                        balances.merge(user, before, BigDecimal::add);
                    }
                    debits.put(order, null);
                    return Answer.status(204);
                }
                BigDecimal amount = new BigDecimal(new JsonObject(request.body()).getString("amount"));
                if (known) {
                    return before == null
                            ? problem(409, "cancelled", "")
                            : before.compareTo(amount) == 0 ? Answer.status(200) : problem(409, "debit-differs", "");
                }
                BigDecimal left = balance(user).subtract(amount);
                if (left.signum() < 0) {
                    return problem(402, "insufficient-funds", "");
                }
                balances.put(user, left);
                debits.put(order, amount);
                return Answer.status(201);
            }
        }
    }

    /** Has taken every event but those that a test names. */
    static final class Notifications {
        final Set<String> untaken = ConcurrentHashMap.newKeySet();
        final FakeService http = FakeService.answering(this::taken);

        private Answer taken(Request request) {
            if (request.target().startsWith("/ops/orders/")) {
                return Answer.json(
                        "{\"messages\":[{\"event_id\":\"01890a5d-ac96-774b-bcce-b302099a8057\",\"type\":\"order.confirmed\","
                                + "\"state\":\"sent\",\"reason\":null,\"tries\":1,"
                                + "\"received_at\":\"2026-11-30T09:00:00Z\",\"settled_at\":\"2026-11-30T09:00:01Z\"}]}");
            }
            var taken = new JsonArray();
            for (String event : request.target()
                    .substring(request.target().indexOf('=') + 1)
                    .split(",", -1)) {
                if (!untaken.contains(event)) {
                    taken.add(event);
                }
            }
            return Answer.json(new JsonObject().put("taken", taken).encode());
        }
    }

    /** Levels and reservations. */
    static final class Inventory {
        volatile Fault fault = NONE;
        final Map<Integer, Integer> levels = new HashMap<>();
        /** By order: what it holds, or null for a tombstone. */
        final Map<String, @Nullable JsonArray> reservations = new HashMap<>();

        final Map<String, Integer> completed = new ConcurrentHashMap<>();
        final FakeService http = FakeService.answering(request -> fault.answer(request, () -> reservation(request)));

        void fill(int product, int level) {
            synchronized (this) {
                levels.put(product, level);
            }
        }

        int level(int product) {
            synchronized (this) {
                return levels.getOrDefault(product, 0);
            }
        }

        /** The reservation runs out and its stock is sold. */
        void lose(String order) {
            synchronized (this) {
                reservations.remove(order);
            }
        }

        private Answer reservation(Request request) {
            String order = request.target().split("/", -1)[2];
            synchronized (this) {
                return switch (request.method()) {
                    case "PUT" -> reserve(order, new JsonObject(request.body()).getJsonArray("items"));
                    case "DELETE" -> release(order);
                    default -> commit(order);
                };
            }
        }

        private Answer reserve(String order, JsonArray items) {
            if (reservations.containsKey(order)) {
                JsonArray before = reservations.get(order);
                return before == null
                        ? problem(409, "cancelled", "")
                        : before.equals(items) ? Answer.status(200) : problem(409, "reservation-differs", "");
            }
            var missing = new JsonArray();
            for (Object item : items) {
                JsonObject part = (JsonObject) item;
                if (level(part.getInteger("product_id")) < part.getInteger("quantity")) {
                    missing.add(part.getInteger("product_id"));
                }
            }
            if (!missing.isEmpty()) {
                return problem(409, "out-of-stock", ",\"product_ids\":" + missing.encode());
            }
            take(items, -1);
            reservations.put(order, items);
            return Answer.status(201);
        }

        private Answer release(String order) {
            JsonArray before = reservations.get(order);
            if (before != null) {
                take(before, 1);
            }
            reservations.put(order, null);
            return Answer.status(204);
        }

        private Answer commit(String order) {
            if (reservations.get(order) == null) {
                return problem(409, "reservation-gone", "");
            }
            completed.merge(order, 1, Integer::sum);
            return Answer.status(204);
        }

        private void take(JsonArray items, int sign) {
            for (Object item : items) {
                JsonObject part = (JsonObject) item;
                levels.merge(part.getInteger("product_id"), sign * part.getInteger("quantity"), Integer::sum);
            }
        }
    }

    private static Answer problem(int status, String slug, String more) {
        return Answer.of(
                status,
                Map.of("Content-Type", "application/problem+json"),
                "{\"type\":\"" + TYPE + slug + "\",\"status\":" + status + more + "}");
    }

    private final Services services = new Services();

    @Override
    public Map<String, String> start() {
        return Map.of(
                "vitrina.orders.products.url", services.products.http.url().toString(),
                "vitrina.orders.wallet.url", services.wallet.http.url().toString(),
                "vitrina.orders.inventory.url", services.inventory.http.url().toString(),
                "vitrina.orders.notifications.url",
                        services.notifications.http.url().toString(),
                // for those who say that they have the time, as tests do that judge none
                "vitrina.web.max-deadline", "20s");
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(services, new TestInjector.MatchesType(Services.class));
    }

    @Override
    public void stop() {
        services.products.http.close();
        services.wallet.http.close();
        services.inventory.http.close();
        services.notifications.http.close();
    }

    /** For a test that starts them by itself. */
    Services services() {
        return services;
    }

    static Answer outOfStock() {
        return problem(409, "out-of-stock", ",\"product_ids\":[1]");
    }

    /** For a fault that hits only some requests. */
    static Fault only(Function<Request, Boolean> which, Fault fault) {
        return (request, carryOut) -> which.apply(request) ? fault.answer(request, carryOut) : carryOut.get();
    }
}
