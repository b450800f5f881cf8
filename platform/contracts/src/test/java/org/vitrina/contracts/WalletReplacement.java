package org.vitrina.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** A wallet that keeps its contract, but for one rule. */
final class WalletReplacement extends Replacement {
    private final Map<Integer, BigDecimal> balances = new HashMap<>();
    private final Map<String, BigDecimal> topUps = new HashMap<>();
    /** By order; those that were given back have an amount of zero. */
    private final Map<String, BigDecimal> debits = new HashMap<>();

    private final ReentrantLock lock = new ReentrantLock();

    WalletReplacement(String broken) {
        super(broken);
    }

    @Override
    Reply answer(String method, List<String> path, HttpExchange exchange, byte[] body) throws Refusal {
        if (path.size() < 3 || !path.get(2).equals("wallet")) {
            throw new Refusal(404);
        }
        int user = id(path.get(1));
        lock.lock();
        try {
            return switch (path.size() + method) {
                case "3GET" ->
                    Reply.json("{\"balance\":\"" + balance(user) + "\",\"currency\":\""
                            + (breaks("starts-empty") ? "EUR" : "RUB") + "\"}");
                case "4POST" -> topUp(user, header(exchange, "Idempotency-Key"), amount(exchange, body));
                case "5PUT" -> debit(user, path.get(4), amount(exchange, body));
                case "5DELETE" -> giveBack(user, path.get(4));
                default -> throw new Refusal(404);
            };
        } finally {
            lock.unlock();
        }
    }

    private BigDecimal balance(int user) {
        return balances.getOrDefault(user, new BigDecimal("0.00"));
    }

    private BigDecimal amount(HttpExchange exchange, byte[] body) throws Refusal {
        JsonNode read = json(exchange, body);
        if (!read.isObject() || read.isEmpty()) {
            throw new Refusal(400, "amount");
        }
        JsonNode amount = read.path("amount");
        if (amount.isBoolean() && breaks("bad-body")) {
            return BigDecimal.ONE;
        }
        if (!amount.asText().matches("\\d{1,12}(\\.\\d{1,2})?")) {
            throw new Refusal(400);
        }
        return new BigDecimal(amount.asText()).setScale(2);
    }

    private Reply topUp(int user, String given, BigDecimal amount) throws Refusal {
        String key = breaks("key") ? given : given.replace("\"", "");
        if (key.isEmpty()) {
            throw new Refusal(400);
        }
        boolean replayed = topUps.containsKey(key);
        if (breaks("top-up-at-once")) {
            between();
        }
        topUps.put(key, amount);
        if (!replayed || breaks("top-up-once")) {
            balances.put(user, balance(user).add(amount));
        }
        int status = replayed ? 200 : breaks("tops-up") ? 202 : 201;
        return new Reply(status, "application/json", "{\"balance\":\"" + balance(user) + "\"}");
    }

    /** What was seen is old by then. */
    private void between() {
        lock.unlock();
        pause();
        lock.lock();
    }

    private Reply debit(int user, String order, BigDecimal amount) throws Refusal {
        BigDecimal before = debits.get(order);
        if (before != null && before.signum() == 0 && !breaks("cancelled")) {
            throw new Refusal(409, "", "cancelled");
        }
        if (before != null && before.signum() > 0) {
            if (before.compareTo(amount) != 0 && !breaks("debit-differs")) {
                throw new Refusal(409);
            }
            if (breaks("debits-once")) {
                balances.put(user, balance(user).subtract(amount));
            }
            return Reply.json("{}");
        }
        boolean enough = balance(user).compareTo(amount) >= 0;
        if (breaks("never-overdrawn")) {
            between();
        }
        if (!enough) {
            boolean pieces = amount.stripTrailingZeros().scale() > 0;
            throw new Refusal(pieces && breaks("too-little") ? 409 : 402);
        }
        debits.put(order, amount);
        balances.put(user, balance(user).subtract(amount));
        return new Reply(breaks("debits") ? 202 : 201, "application/json", "{}");
    }

    private Reply giveBack(int user, String order) {
        BigDecimal debited = debits.getOrDefault(order, BigDecimal.ZERO);
        balances.put(user, balance(user).add(debited));
        if (debited.signum() == 0 || !breaks("gives-back")) {
            debits.put(order, BigDecimal.ZERO);
        }
        return Reply.DONE;
    }
}
