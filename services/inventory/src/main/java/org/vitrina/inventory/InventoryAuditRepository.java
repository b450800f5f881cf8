package org.vitrina.inventory;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Reads all stock, and all reservations but those that are counted, as of one instant. In pieces of one transaction's
 * snapshot, so that no statement is long however many there are; nobody waits for it.
 */
@ApplicationScoped
class InventoryAuditRepository {
    private static final int PIECE = 5_000;

    private static final String ONE_INSTANT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";

    private static final String CLAIMS =
            """
            SELECT item.product_id,
                   coalesce(sum(item.quantity) FILTER (WHERE state = 'held'), 0),
                   coalesce(sum(item.quantity) FILTER (WHERE state = 'committed'), 0)
            FROM reservation CROSS JOIN LATERAL unnest(product_ids, quantities) AS item (product_id, quantity)
            WHERE order_id BETWEEN ?1 AND ?2 AND NOT counted AND state IN ('held', 'committed')
            GROUP BY item.product_id""";

    private static final String STATES =
            """
            SELECT state, count(*) FROM reservation
            WHERE order_id BETWEEN ?1 AND ?2 AND NOT counted AND state IN ('held', 'committed') GROUP BY state""";

    // These are forgotten after a while, so that there are never too many for one statement.
    private static final String ENDED =
            """
            SELECT state, count(*) FROM reservation WHERE ended_at IS NOT NULL GROUP BY state
            UNION ALL SELECT 'committed', committed FROM counted_reservations""";

    private static final String COUNTED =
            "SELECT product_id, committed FROM counted_stock WHERE product_id > ?1 ORDER BY product_id LIMIT ?2";

    // No id stands for the beginning or the end: a caller may have taken it for an order.
    private static final String FIRST =
            """
            SELECT order_id FROM reservation WHERE NOT counted AND state IN ('held', 'committed')
            ORDER BY order_id LIMIT 1""";

    private static final String NEXT =
            """
            SELECT order_id FROM reservation WHERE order_id > ?1 AND NOT counted AND state IN ('held', 'committed')
            ORDER BY order_id LIMIT 1""";

    private static final String LAST_OF_PIECE =
            """
            SELECT order_id FROM (
                SELECT order_id FROM reservation WHERE order_id >= ?1 AND NOT counted AND state IN ('held', 'committed')
                ORDER BY order_id LIMIT ?2) AS piece
            ORDER BY order_id DESC LIMIT 1""";

    private static final String LEVELS =
            """
            SELECT product_id, on_hand, reserved, sold FROM inventory
            WHERE product_id > ?1 ORDER BY product_id LIMIT ?2""";

    @WithTransaction
    Uni<StockReconciliation> books() {
        var books = new StockReconciliation();
        return Panache.getSession().chain(session -> session.createNativeQuery(ONE_INSTANT)
                .executeUpdate()
                .chain(set -> session.createNativeQuery(FIRST, UUID.class).getSingleResultOrNull())
                .chain(first -> readReservations(session, first, books))
                .chain(read -> session.createNativeQuery(ENDED, Object[].class).getResultList())
                .invoke(states -> count(states, books))
                .chain(counted -> readCounted(session, 0, books))
                .chain(read -> readLevels(session, 0, books))
                .replaceWith(books));
    }

    /** @param first null where there is no more */
    private static Uni<Void> readReservations(Mutiny.Session session, @Nullable UUID first, StockReconciliation books) {
        return first == null
                ? Uni.createFrom().voidItem()
                : session.createNativeQuery(LAST_OF_PIECE, UUID.class)
                        .setParameter(1, first)
                        .setParameter(2, PIECE)
                        .getSingleResult()
                        .call(last -> readPiece(session, first, last, books))
                        .chain(last -> session.createNativeQuery(NEXT, UUID.class)
                                .setParameter(1, last)
                                .getSingleResultOrNull())
                        .chain(next -> readReservations(session, next, books));
    }

    private static Uni<Void> readPiece(Mutiny.Session session, UUID first, UUID last, StockReconciliation books) {
        return rows(session, STATES, first, last)
                .invoke(states -> count(states, books))
                .chain(counted -> rows(session, CLAIMS, first, last))
                .invoke(claims ->
                        claims.forEach(row -> books.claim((int) number(row[0]), number(row[1]), number(row[2]))))
                .replaceWithVoid();
    }

    private static void count(List<Object[]> states, StockReconciliation books) {
        states.forEach(row -> books.count(String.valueOf(row[0]), number(row[1])));
    }

    private static Uni<Void> readCounted(Mutiny.Session session, int after, StockReconciliation books) {
        return rows(session, COUNTED, after, PIECE).chain(counted -> {
            counted.forEach(row -> books.claim((int) number(row[0]), 0, number(row[1])));
            return counted.size() < PIECE
                    ? Uni.createFrom().voidItem()
                    : readCounted(session, (int) number(counted.getLast()[0]), books);
        });
    }

    private static Uni<Void> readLevels(Mutiny.Session session, int after, StockReconciliation books) {
        return rows(session, LEVELS, after, PIECE).chain(levels -> {
            levels.forEach(row -> books.level((int) number(row[0]), number(row[1]), number(row[2]), number(row[3])));
            return levels.size() < PIECE
                    ? Uni.createFrom().voidItem()
                    : readLevels(session, (int) number(levels.getLast()[0]), books);
        });
    }

    private static Uni<List<Object[]>> rows(Mutiny.Session session, String sql, Object first, Object second) {
        return session.createNativeQuery(sql, Object[].class)
                .setParameter(1, first)
                .setParameter(2, second)
                .getResultList();
    }

    private static long number(Object column) {
        return ((Number) column).longValue();
    }
}
