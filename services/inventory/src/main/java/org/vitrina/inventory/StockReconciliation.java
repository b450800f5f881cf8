package org.vitrina.inventory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Adds up, product by product, what reservations and stock levels say of each other. Not thread-safe. */
final class StockReconciliation {
    /** Pieces of one product that reservations hold and have taken for good. */
    private record Claims(long held, long committed) {
        static final Claims NONE = new Claims(0, 0);

        Claims plus(long moreHeld, long moreCommitted) {
            return new Claims(held + moreHeld, committed + moreCommitted);
        }
    }

    private final Map<Integer, Claims> claims = new HashMap<>();
    private final Map<String, Long> reservations = new HashMap<>();
    private final List<String> findings = new ArrayList<>();
    private long products;
    private long onHand;
    private long reserved;
    private long sold;

    /** So many reservations are in that state. */
    void count(String state, long reservationsInIt) {
        reservations.merge(state, reservationsInIt, Long::sum);
    }

    /** Reservations claim so much more of the product. */
    void claim(int productId, long held, long committed) {
        claims.merge(productId, new Claims(held, committed), (now, more) -> now.plus(more.held(), more.committed()));
    }

    /** The stock says so of the product; after all claims. */
    void level(int productId, long productOnHand, long productReserved, long productSold) {
        products++;
        onHand += productOnHand;
        reserved += productReserved;
        sold += productSold;
        Claims claimed = claims.getOrDefault(productId, Claims.NONE);
        claims.remove(productId);
        if (claimed.held() != productReserved) {
            findings.add("product " + productId + " has " + productReserved + " reserved, reservations hold "
                    + claimed.held());
        }
        if (claimed.committed() != productSold) {
            findings.add("product " + productId + " has " + productSold + " sold, reservations have taken "
                    + claimed.committed());
        }
    }

    /** The result; after all levels. */
    InventoryAuditReport report() {
        List<String> all = new ArrayList<>(findings);
        claims.forEach((productId, claimed) -> {
            if (!claimed.equals(Claims.NONE)) {
                all.add("product " + productId + " has no stock level, reservations hold " + claimed.held()
                        + " and have taken " + claimed.committed());
            }
        });
        return new InventoryAuditReport(
                all.isEmpty(),
                products,
                onHand,
                reserved,
                sold,
                reservations.getOrDefault("held", 0L),
                reservations.getOrDefault("committed", 0L),
                reservations.getOrDefault("expired", 0L),
                reservations.getOrDefault("released", 0L),
                List.copyOf(all));
    }
}
