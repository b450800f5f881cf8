package org.vitrina.contracts;

import com.sun.net.httpserver.HttpExchange;
import java.util.List;
import java.util.Objects;

/** Notifications of nobody that keep their contract, but for one rule. */
final class NotificationsReplacement extends Replacement {
    private static final int MOST = 200;

    NotificationsReplacement(String broken) {
        super(broken);
    }

    @Override
    Reply answer(String method, List<String> path, HttpExchange exchange, byte[] body) throws Refusal {
        String query = Objects.requireNonNullElse(exchange.getRequestURI().getRawQuery(), "");
        if (path.equals(List.of("ops", "taken"))) {
            return taken(query.replaceFirst("^event_ids=", ""));
        }
        if (path.size() != 3 || !path.get(0).equals("users") || !path.get(2).equals("notifications")) {
            throw new Refusal(404);
        }
        id(path.get(1));
        if (!method.equals("GET")) {
            throw new Refusal(405);
        }
        if (!query.isEmpty() && !query.matches("limit=([1-9]\\d?|100)") && !breaks("limit")) {
            throw new Refusal(400);
        }
        return Reply.json(breaks("none-yet") ? "{}" : "[]");
    }

    private Reply taken(String ids) throws Refusal {
        List<String> events = List.of(ids.split(",", -1));
        boolean uuids = events.stream().allMatch(id -> id.matches("[0-9a-f-]{36}"));
        if (!uuids || (events.size() > MOST && !breaks("taken-bounds"))) {
            throw new Refusal(400);
        }
        return Reply.json("{\"taken\":[" + (breaks("taken") ? "\"" + events.getFirst() + "\"" : "") + "]}");
    }
}
