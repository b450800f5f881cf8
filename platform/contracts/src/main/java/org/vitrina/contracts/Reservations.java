package org.vitrina.contracts;

import java.util.ArrayList;
import java.util.List;

/** What orders rests on in inventory: a piece is promised to one order only, and comes back once. */
final class Reservations {
    private static final String RESERVE =
            "`PUT /reservations/{order_id}` `{\"items\":[{\"product_id\":1,\"quantity\":2}]}` → 201; same again 200; other content 409 `reservation-differs`; too little 409 `out-of-stock` naming the products.";
    private static final String WHOLE = "All or nothing.";
    private static final String RELEASE = "`DELETE /reservations/{order_id}` → 204, again 204.";
    private static final String TOMBSTONE =
            "One that never was leaves a tombstone (kept 30 days), and a later PUT → 409 `cancelled`.";
    private static final String BACK = "After a commit it puts the stock back.";
    private static final String COMMIT =
            "`POST /reservations/{order_id}/commit` → 204, idempotent, changes no level; unknown or deleted → 409.";
    private static final int AT_ONCE = 12;

    private Reservations() {}

    static List<Rule> rules() {
        return List.of(
                new Rule(
                        "reserves",
                        "Reserve all that an order needs, with 201, and sell it to nobody else.",
                        RESERVE,
                        Reservations::reserves),
                new Rule(
                        "reserves-once",
                        "Answer the same reservation again with 200, and reserve nothing more.",
                        RESERVE,
                        Reservations::reservesOnce),
                new Rule(
                        "reservation-differs",
                        "Refuse another content for the same order with 409 reservation-differs, and change nothing.",
                        RESERVE,
                        Reservations::refusesOther),
                new Rule(
                        "out-of-stock",
                        "Refuse what there is too little of with 409 out-of-stock, and name the products.",
                        RESERVE,
                        Reservations::refusesTooMuch),
                new Rule(
                        "all-or-nothing",
                        "Reserve nothing where one product of an order is short.",
                        WHOLE,
                        Reservations::reservesAllOrNothing),
                new Rule(
                        "never-oversold",
                        "Sell each piece once, however many orders come at once.",
                        WHOLE,
                        Reservations::sellsEachPieceOnce),
                new Rule(
                        "releases",
                        "Put the stock back at DELETE, once, and answer a repeated one with 204 too.",
                        RELEASE,
                        Reservations::releases),
                new Rule(
                        "cancelled",
                        "Remember the DELETE of an order that never reserved, and refuse its late PUT with 409 cancelled.",
                        TOMBSTONE,
                        Reservations::remembersCancelled),
                new Rule(
                        "commits",
                        "Commit with 204, as often as it is asked, and change no level; answer 409 for an order that is unknown or deleted.",
                        COMMIT,
                        Reservations::commits),
                new Rule(
                        "releases-committed",
                        "Put the stock back at DELETE after a commit too: an order may be cancelled later.",
                        BACK,
                        Reservations::releasesCommitted));
    }

    /** An order that has so many pieces of a product. */
    static String made(TestedService service, int product, int quantity) throws BrokenRule {
        String order = order(service);
        service.ask(reserve(order, product, quantity)).isDone();
        return order;
    }

    private static String order(TestedService service) {
        String order = "/reservations/" + TestedService.orderId();
        service.afterwards(HttpCall.delete(order));
        return order;
    }

    private static HttpCall reserve(String order, int product, int quantity) {
        return HttpCall.put(order, "{\"items\":[" + item(product, quantity) + "]}");
    }

    private static String item(int product, int quantity) {
        return "{\"product_id\":" + product + ",\"quantity\":" + quantity + "}";
    }

    private static HttpCall commit(String order) {
        return HttpCall.of("POST", order + "/commit");
    }

    private static void has(TestedService service, int product, int left) throws BrokenRule {
        service.get(InventoryContract.level(product)).is(200).has("inventory", left);
    }

    private static void reserves(TestedService service) throws BrokenRule {
        int product = InventoryContract.product(service, 5);
        service.ask(reserve(order(service), product, 3)).is(201);
        has(service, product, 2);
    }

    private static void reservesOnce(TestedService service) throws BrokenRule {
        int product = InventoryContract.product(service, 5);
        String order = made(service, product, 2);
        service.ask(reserve(order, product, 2)).is(200);
        has(service, product, 3);
    }

    private static void refusesOther(TestedService service) throws BrokenRule {
        int product = InventoryContract.product(service, 5);
        String order = made(service, product, 2);
        service.ask(reserve(order, product, 3)).isProblem(409, "reservation-differs");
        has(service, product, 3);
    }

    private static void refusesTooMuch(TestedService service) throws BrokenRule {
        int product = InventoryContract.product(service, 5);
        Exchange refused = service.ask(reserve(order(service), product, 6)).isProblem(409, "out-of-stock");
        if (!refused.body().contains(Integer.toString(product))) {
            throw refused.broken("without the product");
        }
    }

    private static void reservesAllOrNothing(TestedService service) throws BrokenRule {
        int enough = InventoryContract.product(service, 5);
        int little = InventoryContract.product(service, 1);
        service.ask(HttpCall.put(order(service), "{\"items\":[" + item(enough, 2) + "," + item(little, 2) + "]}"))
                .is(409);
        has(service, enough, 5);
        has(service, little, 1);
    }

    private static void sellsEachPieceOnce(TestedService service) throws BrokenRule {
        int product = InventoryContract.product(service, 5);
        List<HttpCall> calls = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            calls.add(reserve(order(service), product, 1));
        }
        int reserved = 0;
        for (Exchange each : service.atOnce(calls)) {
            if (each.status() != 409) {
                each.isDone();
                reserved++;
            }
        }
        if (reserved != 5) {
            throw new BrokenRule(
                    AT_ONCE + " orders at once, each for one piece of five, were answered: " + reserved + " have one.");
        }
        has(service, product, 0);
    }

    private static void releases(TestedService service) throws BrokenRule {
        int product = InventoryContract.product(service, 5);
        String order = made(service, product, 2);
        service.delete(order).is(204);
        service.delete(order).is(204);
        has(service, product, 5);
    }

    private static void remembersCancelled(TestedService service) throws BrokenRule {
        int product = InventoryContract.product(service, 5);
        String order = order(service);
        service.delete(order).is(204);
        service.ask(reserve(order, product, 2)).isProblem(409, "cancelled");
        has(service, product, 5);
    }

    private static void commits(TestedService service) throws BrokenRule {
        int product = InventoryContract.product(service, 5);
        String order = made(service, product, 2);
        service.ask(commit(order)).is(204);
        service.ask(commit(order)).is(204);
        has(service, product, 3);
        service.ask(commit(order(service))).is(409);
        String deleted = made(service, product, 1);
        service.delete(deleted);
        service.ask(commit(deleted)).is(409);
    }

    private static void releasesCommitted(TestedService service) throws BrokenRule {
        int product = InventoryContract.product(service, 5);
        String order = made(service, product, 2);
        service.ask(commit(order)).isDone();
        service.delete(order).isDone();
        has(service, product, 5);
    }
}
