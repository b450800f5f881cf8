package org.vitrina.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** A list of products as a service answers it: each once, with an integer for it or none. */
final class Lines {
    private Lines() {}

    /**
     * Quantities by product; 1 where lines have none.
     *
     * @param quantity the field's name; empty where lines have none
     */
    static Map<Integer, Integer> of(Exchange exchange, String quantity) throws BrokenRule {
        JsonNode list = exchange.is(200).json();
        if (!list.isArray()) {
            throw exchange.broken("not a JSON list");
        }
        Map<Integer, Integer> lines = new LinkedHashMap<>();
        for (JsonNode line : list) {
            int product = integer(exchange, line, "product_id");
            int pieces = quantity.isEmpty() ? 1 : integer(exchange, line, quantity);
            if (lines.put(product, pieces) != null) {
                throw exchange.broken("with product " + product + " twice");
            }
        }
        return lines;
    }

    /** Exactly these lines, in any order. */
    static void are(Exchange exchange, String quantity, Map<Integer, Integer> expected) throws BrokenRule {
        if (!of(exchange, quantity).equals(expected)) {
            throw exchange.broken("where " + expected + " was expected (quantities by product)");
        }
    }

    private static int integer(Exchange exchange, JsonNode line, String field) throws BrokenRule {
        JsonNode value = line.path(field);
        if (!value.isInt()) {
            throw exchange.broken("with a line whose '" + field + "' is no integer");
        }
        return value.intValue();
    }
}
