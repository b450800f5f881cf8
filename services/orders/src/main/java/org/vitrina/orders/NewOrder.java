package org.vitrina.orders;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.Money;
import org.vitrina.core.ProblemException;
import org.vitrina.persistence.idempotency.Fingerprint;

/**
 * What a buyer wants, in one form for all the ways to write it.
 *
 * @param lines one for each product, in the order in which they were named
 * @param phone E.164
 */
record NewOrder(List<Line> lines, Money total, String shippingTo, @Nullable String phone) {
    static final int MOST_PIECES = 999;
    static final String QUANTITY = "must be an integer from 1 to 999";

    private static final BigDecimal MOST_MONEY = new BigDecimal("999999999999.99");

    /**
     * Only for an input that was found valid by itself.
     *
     * @throws ProblemException 400 when its lines do not go together
     */
    static NewOrder of(OrderInput input) {
        Map<Integer, Line> lines = new LinkedHashMap<>();
        for (LineInput line : Objects.requireNonNull(input.products())) {
            int quantity = line.quantity() == null ? 1 : line.quantity();
            lines.merge(
                    Objects.requireNonNull(line.id()),
                    new Line(line.id(), Objects.requireNonNull(line.price()), quantity),
                    NewOrder::sum);
        }
        BigDecimal total = BigDecimal.ZERO;
        for (Line line : lines.values()) {
            total = total.add(line.price().amount().multiply(BigDecimal.valueOf(line.quantity())));
        }
        if (total.compareTo(MOST_MONEY) > 0) {
            throw invalid("the total may be " + MOST_MONEY + " at most");
        }
        return new NewOrder(
                List.copyOf(lines.values()),
                new Money(total),
                Objects.requireNonNull(input.shippingTo()),
                input.phone());
    }

    private static Line sum(Line one, Line other) {
        if (!one.price().equals(other.price())) {
            throw invalid("product " + one.id() + " is named with two prices");
        }
        int quantity = one.quantity() + other.quantity();
        if (quantity > MOST_PIECES) {
            throw invalid("the quantity of product " + one.id() + " in all lines together " + QUANTITY);
        }
        return new Line(one.id(), one.price(), quantity);
    }

    private static ProblemException invalid(String message) {
        return new ProblemException(
                ErrorCode.VALIDATION,
                "The input is invalid: " + message + ".",
                Map.of("violations", List.of(Map.of("field", "products", "message", message))),
                Map.of());
    }

    List<Integer> productIds() {
        return lines.stream().map(Line::id).toList();
    }

    /** The same for the same order, however it was written and in whatever order its lines came. */
    Fingerprint fingerprint() {
        List<Object> parts = new ArrayList<>(2 + 3 * lines.size());
        parts.add(shippingTo);
        parts.add(phone == null ? "" : phone);
        lines.stream().sorted(Comparator.comparingInt(Line::id)).forEach(line -> {
            parts.add(line.id());
            parts.add(line.price());
            parts.add(line.quantity());
        });
        return Fingerprint.of(parts.toArray());
    }

    /** The lines as they are kept. */
    String linesAsJson() {
        var json = new StringJoiner(",", "[", "]");
        for (Line line : lines) {
            json.add("{\"id\":" + line.id() + ",\"price\":\"" + line.price() + "\",\"quantity\":" + line.quantity()
                    + "}");
        }
        return json.toString();
    }
}
