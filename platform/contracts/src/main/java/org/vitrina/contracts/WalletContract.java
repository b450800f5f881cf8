package org.vitrina.contracts;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Users' money: docs/contracts.md, "wallet". Its ledger forgets nothing, so that users of the kit keep what they have. */
final class WalletContract implements ServiceContract, UserSample {
    private static final String READ =
            "`GET /users/{id}/wallet` → 200 `{\"balance\":\"…\",\"currency\":\"RUB\"}` (every user id has one, 0.00 at first).";
    private static final String TOP_UP =
            "`POST /users/{id}/wallet/top-ups` `{\"amount\":\"…\"}` → 201 `{\"balance\"}`, replay 200; key rules as for orders.";
    private static final String KEY =
            "1..255 visible ASCII, as a bare or a quoted string (`q-1` and `\"q-1\"` are one key); none: 400.";
    private static final String DEBIT =
            "`PUT /users/{id}/wallet/debits/{order_id}` `{\"amount\":\"…\"}` → 201, again 200, other amount 409, too little 402.";
    private static final String BACK =
            "`DELETE` gives the money back once, 204; one that never was leaves a tombstone, and a later PUT → 409 `cancelled`.";
    private static final int AT_ONCE = 12;

    @Override
    public String name() {
        return "wallet";
    }

    @Override
    public String firstQuestion() {
        return wallet(1);
    }

    @Override
    public List<Rule> rules() {
        List<Rule> rules = new ArrayList<>(List.of(
                new Rule(
                        "starts-empty",
                        "Answer a balance of 0.00 RUB for a user of whom nothing is known.",
                        READ,
                        WalletContract::startsEmpty),
                new Rule("tops-up", "Add to the balance with 201, and answer the new one.", TOP_UP, service -> {
                    int user = user(service);
                    service.ask(topUp(user, "100.50", key())).is(201);
                    has(service, user, "100.50");
                }),
                new Rule(
                        "top-up-once",
                        "Answer a repeated top-up with 200, and add nothing more: a key is one top-up.",
                        TOP_UP,
                        WalletContract::topsUpOnce),
                new Rule(
                        "top-up-at-once",
                        "Add once, however many times the same top-up comes at once.",
                        TOP_UP,
                        WalletContract::topsUpOnceAtOnce),
                new Rule(
                        "key",
                        "Answer a top-up without a key with 400; a quoted key is the bare one.",
                        KEY,
                        WalletContract::judgesKeys),
                new Rule("debits", "Take the amount of an order with 201.", DEBIT, service -> {
                    int user = userWith(service, "100.00");
                    service.ask(debit(order(user), "30.50")).is(201);
                    has(service, user, "69.50");
                }),
                new Rule(
                        "debits-once",
                        "Answer the same debit again with 200, and take nothing more.",
                        DEBIT,
                        service -> {
                            int user = userWith(service, "100.00");
                            HttpCall debit = debit(order(user), "30.00");
                            service.ask(debit).isDone();
                            service.ask(debit).is(200);
                            has(service, user, "70.00");
                        }),
                new Rule(
                        "debit-differs",
                        "Refuse another amount for the same order with 409, and take nothing.",
                        DEBIT,
                        service -> {
                            int user = userWith(service, "100.00");
                            String order = order(user);
                            service.ask(debit(order, "30.00")).isDone();
                            service.ask(debit(order, "31.00")).is(409);
                            has(service, user, "70.00");
                        }),
                new Rule(
                        "too-little",
                        "Refuse what the balance does not have with 402, and take nothing.",
                        DEBIT,
                        service -> {
                            int user = userWith(service, "10.00");
                            service.ask(debit(order(user), "10.01")).is(402);
                            has(service, user, "10.00");
                        }),
                new Rule(
                        "never-overdrawn",
                        "Spend each coin once, however many orders come at once.",
                        DEBIT,
                        WalletContract::spendsOnce),
                new Rule(
                        "gives-back",
                        "Give the money back at DELETE, once, and answer a repeated one with 204 too.",
                        BACK,
                        service -> {
                            int user = userWith(service, "100.00");
                            String order = order(user);
                            service.ask(debit(order, "30.00")).isDone();
                            service.delete(order).is(204);
                            service.delete(order).is(204);
                            has(service, user, "100.00");
                        }),
                new Rule(
                        "cancelled",
                        "Remember the DELETE of an order that never paid, and refuse its late PUT with 409 cancelled.",
                        BACK,
                        service -> {
                            int user = userWith(service, "100.00");
                            String order = order(user);
                            service.delete(order).is(204);
                            service.ask(debit(order, "30.00")).isProblem(409, "cancelled");
                            has(service, user, "100.00");
                        })));
        rules.addAll(Conventions.rules(this));
        rules.addAll(Conventions.ofUsers(this));
        rules.addAll(Bodies.rules(this));
        return List.copyOf(rules);
    }

    @Override
    public HttpCall read(TestedService service) throws BrokenRule {
        return HttpCall.get(wallet(userWithData(service)));
    }

    @Override
    public HttpCall write(TestedService service) throws BrokenRule {
        return topUp(user(service), "1.00", key());
    }

    @Override
    public List<HttpCall> withId(TestedService service, String id) {
        String wallet = "/users/" + id + "/wallet";
        String debit = wallet + "/debits/" + TestedService.orderId();
        return List.of(
                HttpCall.get(wallet),
                HttpCall.of("POST", wallet + "/top-ups")
                        .header("Idempotency-Key", key())
                        .json(amount("1.00")),
                debit(debit, "1.00"),
                HttpCall.delete(debit));
    }

    @Override
    public List<HttpCall> largestId(TestedService service) {
        return List.of(HttpCall.get(wallet(Integer.MAX_VALUE)));
    }

    @Override
    public List<String> wrongBodies() {
        return List.of(
                "{\"amount\":true}",
                "{\"amount\":null}",
                "{\"amount\":[2]}",
                "{\"amount\":\"a lot\"}",
                "{\"amount\":\"1.005\"}",
                "{\"amount\":\"-1\"}",
                "{}",
                "[]",
                "2",
                "null",
                "{\"amount\":2",
                "nonsense",
                "");
    }

    @Override
    public String outOfBounds() {
        return "{}";
    }

    @Override
    public String field() {
        return "amount";
    }

    @Override
    public int userWithData(TestedService service) throws BrokenRule {
        return userWith(service, "1.00");
    }

    @Override
    public void hasNothing(TestedService service, int user) {
        // the books stay; what else there was nobody can ask for
    }

    private static String wallet(int user) {
        return "/users/" + user + "/wallet";
    }

    private static String order(int user) {
        return wallet(user) + "/debits/" + TestedService.orderId();
    }

    private static String key() {
        return "kit-" + UUID.randomUUID();
    }

    private static String amount(String money) {
        return "{\"amount\":\"" + money + "\"}";
    }

    private static HttpCall topUp(int user, String money, String key) {
        return HttpCall.of("POST", wallet(user) + "/top-ups")
                .header("Idempotency-Key", key)
                .json(amount(money));
    }

    private static HttpCall debit(String order, String money) {
        return HttpCall.put(order, amount(money));
    }

    private static int user(TestedService service) throws BrokenRule {
        return service.unusedIdWhere(WalletContract::wallet, wallet -> !wallet.body()
                .matches("(?s).*\"balance\":\\s*\"[0-9.]*[1-9][0-9.]*\".*"));
    }

    private static int userWith(TestedService service, String money) throws BrokenRule {
        int user = user(service);
        service.ask(topUp(user, money, key())).isDone();
        return user;
    }

    private static void has(TestedService service, int user, String balance) throws BrokenRule {
        Exchange read = service.get(wallet(user)).is(200);
        if (!read.member("balance").isTextual()
                || !read.member("balance").asText().equals(balance)) {
            throw read.broken("not with the balance \"" + balance + "\"");
        }
    }

    private static void startsEmpty(TestedService service) throws BrokenRule {
        int user = user(service);
        has(service, user, "0.00");
        Exchange read = service.get(wallet(user));
        if (!read.member("currency").asText().equals("RUB")) {
            throw read.broken("not with the currency RUB");
        }
    }

    private static void topsUpOnce(TestedService service) throws BrokenRule {
        int user = user(service);
        HttpCall topUp = topUp(user, "5.00", key());
        service.ask(topUp).isDone();
        service.ask(topUp).is(200);
        has(service, user, "5.00");
    }

    private static void topsUpOnceAtOnce(TestedService service) throws BrokenRule {
        int user = user(service);
        for (Exchange each : service.atOnce(AT_ONCE, topUp(user, "5.00", key()))) {
            if (each.status() != 409) {
                each.isDone();
            }
        }
        has(service, user, "5.00");
    }

    private static void judgesKeys(TestedService service) throws BrokenRule {
        int user = user(service);
        service.ask(HttpCall.of("POST", wallet(user) + "/top-ups").json(amount("5.00")))
                .is(400);
        String key = key();
        service.ask(topUp(user, "5.00", key)).isDone();
        service.ask(topUp(user, "5.00", "\"" + key + "\"")).isDone();
        has(service, user, "5.00");
    }

    private static void spendsOnce(TestedService service) throws BrokenRule {
        int user = userWith(service, "5.00");
        List<HttpCall> calls = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            calls.add(debit(order(user), "1.00"));
        }
        int paid = 0;
        for (Exchange each : service.atOnce(calls)) {
            if (each.status() != 402) {
                each.isDone();
                paid++;
            }
        }
        if (paid != 5) {
            throw new BrokenRule(
                    AT_ONCE + " orders at once, each for 1.00 of 5.00, were answered: " + paid + " are paid.");
        }
        has(service, user, "0.00");
    }
}
