package org.vitrina.contracts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a user likes: docs/contracts.md, "favorites, cart". */
final class FavoritesContract implements ServiceContract, UserSample {
    private static final String READ =
            "`GET /users/{id}/favorites` → 200 `[{\"product_id\":1}, …]`; none → **404**; `{id}` no integer → **400**.";
    private static final String WRITE = "`PUT /users/{id}/favorites/{product_id}` → 204, `DELETE` → 204.";
    private static final int AT_ONCE = 12;

    @Override
    public String name() {
        return "favorites";
    }

    @Override
    public String firstQuestion() {
        return favorites(1);
    }

    @Override
    public List<Rule> rules() {
        List<Rule> rules = new ArrayList<>(List.of(
                new Rule(
                        "lists-favorites",
                        "List each favorite once, with product_id as an integer.",
                        READ,
                        FavoritesContract::listsFavorites),
                new Rule(
                        "none-is-404",
                        "Answer 404 for a user without favorites, and an empty list never.",
                        READ,
                        service -> service.get(favorites(user(service))).is(404)),
                Conventions.integers(READ, this),
                new Rule(
                        "adds-favorite",
                        "Answer 204 without a body when a favorite is added.",
                        WRITE,
                        FavoritesContract::addsFavorite),
                new Rule(
                        "removes-favorite",
                        "Remove the favorite that DELETE names, and leave the others; without the last one 404 again.",
                        WRITE,
                        FavoritesContract::removesFavorite),
                new Rule(
                        "own-favorites",
                        "Keep users apart: what one likes is nothing to another.",
                        WRITE,
                        FavoritesContract::keepsUsersApart),
                new Rule(
                        "idempotent",
                        "Answer a repeated PUT or DELETE as the first one, also where there is nothing to remove any more.",
                        "All writes are idempotent.",
                        FavoritesContract::repeats),
                new Rule(
                        "at-once",
                        "Take the same PUT many times at once: all are done, and there is one favorite.",
                        "All writes are idempotent.",
                        FavoritesContract::takesTheSameAtOnce)));
        rules.addAll(Conventions.rules(this));
        rules.addAll(Conventions.ofUsers(this));
        return List.copyOf(rules);
    }

    @Override
    public HttpCall read(TestedService service) throws BrokenRule {
        return HttpCall.get(favorites(userWithData(service)));
    }

    @Override
    public HttpCall write(TestedService service) throws BrokenRule {
        return put(user(service), 1);
    }

    @Override
    public List<HttpCall> withId(TestedService service, String id) throws BrokenRule {
        String ofUser = "/users/" + id + "/favorites";
        String ofProduct = favorites(user(service)) + "/" + id;
        return List.of(
                HttpCall.get(ofUser),
                HttpCall.of("PUT", ofUser + "/1"),
                HttpCall.delete(ofUser + "/1"),
                HttpCall.of("PUT", ofProduct),
                HttpCall.delete(ofProduct));
    }

    @Override
    public List<HttpCall> largestId(TestedService service) throws BrokenRule {
        int user = user(service);
        service.afterwards(HttpCall.delete(favorites(user) + "/" + Integer.MAX_VALUE));
        return List.of(HttpCall.get(favorites(Integer.MAX_VALUE)), put(user, Integer.MAX_VALUE));
    }

    @Override
    public int userWithData(TestedService service) throws BrokenRule {
        int user = user(service);
        service.ask(put(user, 1)).isDone();
        return user;
    }

    @Override
    public void hasNothing(TestedService service, int user) throws BrokenRule {
        service.get(favorites(user)).is(404);
    }

    private static String favorites(int user) {
        return "/users/" + user + "/favorites";
    }

    /** Rules add products 1 to 3. */
    private static int user(TestedService service) throws BrokenRule {
        int user = service.unusedId(FavoritesContract::favorites, one -> HttpCall.delete(favorites(one) + "/1"));
        service.afterwards(HttpCall.delete(favorites(user) + "/2"));
        service.afterwards(HttpCall.delete(favorites(user) + "/3"));
        return user;
    }

    private static HttpCall put(int user, int product) {
        return HttpCall.of("PUT", favorites(user) + "/" + product);
    }

    private static void has(TestedService service, int user, Map<Integer, Integer> products) throws BrokenRule {
        Lines.are(service.get(favorites(user)), "", products);
    }

    private static void listsFavorites(TestedService service) throws BrokenRule {
        int user = user(service);
        service.ask(put(user, 1));
        service.ask(put(user, 2));
        service.ask(put(user, 3));
        has(service, user, Map.of(1, 1, 2, 1, 3, 1));
    }

    private static void addsFavorite(TestedService service) throws BrokenRule {
        Exchange put = service.ask(put(user(service), 1)).is(204);
        if (!put.body().isEmpty()) {
            throw put.broken("not without a body");
        }
    }

    private static void removesFavorite(TestedService service) throws BrokenRule {
        int user = user(service);
        service.ask(put(user, 1));
        service.ask(put(user, 2));
        service.delete(favorites(user) + "/1").is(204);
        has(service, user, Map.of(2, 1));
        service.delete(favorites(user) + "/2").is(204);
        service.get(favorites(user)).is(404);
    }

    private static void keepsUsersApart(TestedService service) throws BrokenRule {
        int one = user(service);
        int another = user(service);
        service.ask(put(one, 1));
        service.ask(put(another, 1));
        service.delete(favorites(one) + "/1");
        has(service, another, Map.of(1, 1));
    }

    private static void repeats(TestedService service) throws BrokenRule {
        int user = user(service);
        for (HttpCall write : List.of(put(user, 1), HttpCall.delete(favorites(user) + "/1"))) {
            service.ask(write).is(service.ask(write).isDone().status());
        }
    }

    private static void takesTheSameAtOnce(TestedService service) throws BrokenRule {
        int user = user(service);
        for (Exchange each : service.atOnce(AT_ONCE, put(user, 1))) {
            each.isDone();
        }
        has(service, user, Map.of(1, 1));
    }
}
