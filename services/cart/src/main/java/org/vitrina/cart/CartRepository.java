package org.vitrina.cart;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * Carts in PostgreSQL. A single statement needs a session only: it is a transaction by itself, and may be repeated on
 * another connection, since all of ours are idempotent.
 */
@ApplicationScoped
class CartRepository implements PanacheRepositoryBase<CartLineEntity, CartLineEntity.Id> {
    // Writes to one cart wait for each other, so that no race passes the limit.
    private static final String ONE_AT_A_TIME = "SELECT 1 FROM (SELECT pg_advisory_xact_lock(?1)) AS mine";

    private static final String PUT =
            """
            INSERT INTO user_cart (user_id, product_id, quantity)
            SELECT ?1, ?2, ?3
            WHERE (SELECT count(*) FROM user_cart WHERE user_id = ?1 AND product_id <> ?2) < ?4
            ON CONFLICT (user_id, product_id) DO UPDATE SET quantity = excluded.quantity""";

    /** The cart's lines by product. */
    @WithSession
    Uni<List<CartLine>> of(int userId) {
        return find("id.userId", Sort.by("id.productId"), userId)
                .project(CartLine.class)
                .list();
    }

    /** Adds or changes a line; false, and nothing changed, if the cart would have more than {@code limit}. */
    @WithTransaction
    Uni<Boolean> put(int userId, int productId, int quantity, int limit) {
        return getSession()
                .chain(session -> session.createNativeQuery(ONE_AT_A_TIME, Integer.class)
                        .setParameter(1, userId)
                        .getSingleResult()
                        .chain(mine -> session.createNativeQuery(PUT)
                                .setParameter(1, userId)
                                .setParameter(2, productId)
                                .setParameter(3, quantity)
                                .setParameter(4, limit)
                                .executeUpdate()))
                .map(written -> written > 0);
    }

    /** Takes a line out, if it is there. */
    @WithSession
    Uni<Void> remove(int userId, int productId) {
        return delete("id.userId = ?1 and id.productId = ?2", userId, productId).replaceWithVoid();
    }

    /** Takes all lines out. */
    @WithSession
    Uni<Void> clear(int userId) {
        return delete("id.userId", userId).replaceWithVoid();
    }
}
