package org.vitrina.contracts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A user's cart: docs/contracts.md, "favorites, cart". */
final class CartContract implements ServiceContract, UserSample {
    private static final String READ =
            "`GET /users/{id}/cart` → 200 `[{\"product_id\":1,\"quantity\":1}, …]`; none → 200 `[]`; no integer → 400.";
    private static final String WRITE =
            "`PUT /users/{id}/cart/{product_id}` `{\"quantity\":2}` (1..999) → 204, `DELETE` → 204, `DELETE /users/{id}/cart` → 204.";
    private static final String QUANTITY = "quantity";
    private static final int AT_ONCE = 12;

    @Override
    public String name() {
        return "cart";
    }

    @Override
    public String firstQuestion() {
        return cart(1);
    }

    @Override
    public List<Rule> rules() {
        List<Rule> rules = new ArrayList<>(List.of(
                new Rule(
                        "lists-lines",
                        "List each product in the cart once, with product_id and quantity as integers.",
                        READ,
                        CartContract::listsLines),
                new Rule(
                        "empty-cart",
                        "Answer an empty list, with 200, for a user of whom nothing is known.",
                        READ,
                        service -> Lines.are(service.get(cart(user(service))), QUANTITY, Map.of())),
                Conventions.integers(READ, this),
                new Rule(
                        "puts-line",
                        "Answer 204 without a body when a product is put into the cart.",
                        WRITE,
                        CartContract::putsLine),
                new Rule(
                        "sets-quantity",
                        "Set the quantity to the one of the last PUT; do not add to it, and do not keep the first.",
                        WRITE,
                        CartContract::setsQuantity),
                new Rule(
                        "quantity-bounds",
                        "Take quantities from 1 to 999; answer others with 400 and change nothing.",
                        WRITE,
                        CartContract::boundsQuantity),
                new Rule(
                        "removes-line",
                        "Remove the product that DELETE names, and leave the others.",
                        WRITE,
                        CartContract::removesLine),
                new Rule(
                        "empties-cart",
                        "Remove every product at DELETE of the cart.",
                        WRITE,
                        CartContract::emptiesCart),
                new Rule(
                        "own-cart",
                        "Keep users apart: what one puts in or empties is nothing to another.",
                        WRITE,
                        CartContract::keepsUsersApart),
                new Rule(
                        "idempotent",
                        "Answer a repeated PUT or DELETE as the first one, also where there is nothing to remove any more.",
                        "All writes are idempotent.",
                        CartContract::repeats),
                new Rule(
                        "at-once",
                        "Take the same PUT many times at once: all are done, and there is one line.",
                        "All writes are idempotent.",
                        CartContract::takesTheSameAtOnce)));
        rules.addAll(Conventions.rules(this));
        rules.addAll(Conventions.ofUsers(this));
        rules.addAll(Bodies.rules(this));
        return List.copyOf(rules);
    }

    @Override
    public HttpCall read(TestedService service) throws BrokenRule {
        return HttpCall.get(cart(userWithData(service)));
    }

    @Override
    public HttpCall write(TestedService service) throws BrokenRule {
        return put(user(service), 1, 2);
    }

    @Override
    public List<HttpCall> withId(TestedService service, String id) throws BrokenRule {
        String ofUser = "/users/" + id + "/cart";
        String ofProduct = cart(user(service)) + "/" + id;
        String line = "{\"quantity\":1}";
        return List.of(
                HttpCall.get(ofUser),
                HttpCall.delete(ofUser),
                HttpCall.put(ofUser + "/1", line),
                HttpCall.delete(ofUser + "/1"),
                HttpCall.put(ofProduct, line),
                HttpCall.delete(ofProduct));
    }

    @Override
    public List<HttpCall> largestId(TestedService service) throws BrokenRule {
        return List.of(HttpCall.get(cart(Integer.MAX_VALUE)), put(user(service), Integer.MAX_VALUE, 1));
    }

    @Override
    public List<String> wrongBodies() {
        return List.of(
                "{\"quantity\":\"2\"}",
                "{\"quantity\":1.5}",
                "{\"quantity\":true}",
                "{\"quantity\":null}",
                "{\"quantity\":[2]}",
                "{}",
                "[]",
                "2",
                "null",
                "{\"quantity\":2",
                "nonsense",
                "");
    }

    @Override
    public String outOfBounds() {
        return "{\"quantity\":1000}";
    }

    @Override
    public String field() {
        return QUANTITY;
    }

    @Override
    public int userWithData(TestedService service) throws BrokenRule {
        int user = user(service);
        service.ask(put(user, 1, 2)).isDone();
        return user;
    }

    @Override
    public void hasNothing(TestedService service, int user) throws BrokenRule {
        has(service, user, Map.of());
    }

    private static String cart(int user) {
        return "/users/" + user + "/cart";
    }

    private static int user(TestedService service) throws BrokenRule {
        return service.unusedId(CartContract::cart, user -> HttpCall.delete(cart(user)));
    }

    private static HttpCall put(int user, int product, int quantity) {
        return HttpCall.put(cart(user) + "/" + product, "{\"quantity\":" + quantity + "}");
    }

    private static void has(TestedService service, int user, Map<Integer, Integer> lines) throws BrokenRule {
        Lines.are(service.get(cart(user)), QUANTITY, lines);
    }

    private static void listsLines(TestedService service) throws BrokenRule {
        int user = user(service);
        service.ask(put(user, 1, 2));
        service.ask(put(user, 2, 1));
        service.ask(put(user, 3, 1));
        has(service, user, Map.of(1, 2, 2, 1, 3, 1));
    }

    private static void putsLine(TestedService service) throws BrokenRule {
        Exchange put = service.ask(put(user(service), 1, 2)).is(204);
        if (!put.body().isEmpty()) {
            throw put.broken("not without a body");
        }
    }

    private static void setsQuantity(TestedService service) throws BrokenRule {
        int user = user(service);
        service.ask(put(user, 1, 5));
        service.ask(put(user, 1, 2));
        has(service, user, Map.of(1, 2));
    }

    private static void boundsQuantity(TestedService service) throws BrokenRule {
        int user = user(service);
        service.ask(put(user, 2, 999)).isDone();
        service.ask(put(user, 1, 1)).isDone();
        for (int quantity : new int[] {0, 1000, -1, Integer.MAX_VALUE}) {
            service.ask(put(user, 1, quantity)).is(400);
        }
        has(service, user, Map.of(1, 1, 2, 999));
    }

    private static void removesLine(TestedService service) throws BrokenRule {
        int user = user(service);
        service.ask(put(user, 1, 2));
        service.ask(put(user, 2, 3));
        service.delete(cart(user) + "/1").is(204);
        has(service, user, Map.of(2, 3));
    }

    private static void emptiesCart(TestedService service) throws BrokenRule {
        int user = user(service);
        service.ask(put(user, 1, 2));
        service.ask(put(user, 2, 3));
        service.delete(cart(user)).is(204);
        has(service, user, Map.of());
    }

    private static void keepsUsersApart(TestedService service) throws BrokenRule {
        int one = user(service);
        int another = user(service);
        service.ask(put(one, 1, 2));
        service.ask(put(another, 2, 3));
        service.delete(cart(one));
        has(service, another, Map.of(2, 3));
    }

    private static void repeats(TestedService service) throws BrokenRule {
        int user = user(service);
        for (HttpCall write : List.of(
                put(user, 1, 5), HttpCall.delete(cart(user) + "/1"), put(user, 1, 5), HttpCall.delete(cart(user)))) {
            service.ask(write).is(service.ask(write).isDone().status());
        }
    }

    private static void takesTheSameAtOnce(TestedService service) throws BrokenRule {
        int user = user(service);
        for (Exchange each : service.atOnce(AT_ONCE, put(user, 1, 3))) {
            each.isDone();
        }
        has(service, user, Map.of(1, 3));
    }
}
