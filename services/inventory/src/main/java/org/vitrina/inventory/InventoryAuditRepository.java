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
 * Reads all stock and all reservations as of one instant. In pieces of one transaction's snapshot, so that no statement is
 * long however many there are; nobody waits for it.
 */
@ApplicationScoped
class InventoryAuditRepository {
    private static final int PIECE = 5_000;
    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private static final String ONE_INSTANT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";

    private static final String CLAIMS =
            """
            SELECT item.product_id,
                   coalesce(sum(item.quantity) FILTER (WHERE state = 'held'), 0),
                   coalesce(sum(item.quantity) FILTER (WHERE state = 'committed'), 0)
            FROM reservation CROSS JOIN LATERAL unnest(product_ids, quantities) AS item (product_id, quantity)
            WHERE order_id > ?1 AND order_id <= ?2 AND state IN ('held', 'committed')
            GROUP BY item.product_id""";

    private static final String STATES =
            "SELECT state, count(*) FROM reservation WHERE order_id > ?1 AND order_id <= ?2 GROUP BY state";

    private static final String END_OF_PIECE =
            "SELECT order_id FROM reservation WHERE order_id > ?1 ORDER BY order_id OFFSET ?2 LIMIT 1";

    private static final String LEVELS =
            """
            SELECT product_id, on_hand, reserved, sold FROM inventory
            WHERE product_id > ?1 ORDER BY product_id LIMIT ?2""";

    /** Higher than every id. */
    private static final UUID AFTER_ALL = new UUID(-1, -1);

    @WithTransaction
    Uni<StockReconciliation> books() {
        var books = new StockReconciliation();
        return Panache.getSession().chain(session -> session.createNativeQuery(ONE_INSTANT)
                .executeUpdate()
                .chain(set -> readReservations(session, BEFORE_ALL, books))
                .chain(read -> readLevels(session, 0, books))
                .replaceWith(books));
    }

    private static Uni<Void> readReservations(Mutiny.Session session, UUID after, StockReconciliation books) {
        return session.createNativeQuery(END_OF_PIECE, UUID.class)
                .setParameter(1, after)
                .setParameter(2, PIECE - 1)
                .getSingleResultOrNull()
                .chain(last -> readPiece(session, after, last, books));
    }

    /** @param last the last order of the piece, null where there are fewer than a whole piece */
    private static Uni<Void> readPiece(
            Mutiny.Session session, UUID after, @Nullable UUID last, StockReconciliation books) {
        UUID to = last == null ? AFTER_ALL : last;
        Uni<Void> piece = rows(session, STATES, after, to)
                .invoke(states -> states.forEach(row -> books.count(String.valueOf(row[0]), number(row[1]))))
                .chain(counted -> rows(session, CLAIMS, after, to))
                .invoke(claims ->
                        claims.forEach(row -> books.claim((int) number(row[0]), number(row[1]), number(row[2]))))
                .replaceWithVoid();
        return last == null ? piece : piece.chain(read -> readReservations(session, last, books));
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
