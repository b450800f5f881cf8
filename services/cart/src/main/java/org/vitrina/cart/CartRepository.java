package org.vitrina.cart;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
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
    private static final String PUT = "SELECT put_cart_line(?1, ?2, ?3, ?4)";

    /** The cart's lines by product. */
    @WithSession
    Uni<List<CartLine>> of(int userId) {
        return find("id.userId", Sort.by("id.productId"), userId)
                .project(CartLine.class)
                .list();
    }

    /** Adds or changes a line; false, and nothing changed, if the cart would have more than {@code limit}. */
    @WithSession
    Uni<Boolean> put(int userId, int productId, int quantity, int limit) {
        return getSession().chain(session -> session.createNativeQuery(PUT, Boolean.class)
                .setParameter(1, userId)
                .setParameter(2, productId)
                .setParameter(3, quantity)
                .setParameter(4, limit)
                .getSingleResult());
    }

    /** Takes a line out, if it is there. */
    @WithSession
    Uni<Void> remove(int userId, int productId) {
        return delete("id.userId = ?1 and id.productId = ?2", userId, productId).replaceWithVoid();
    }

    /** Takes all lines out; how many there were. */
    @WithSession
    Uni<Long> clear(int userId) {
        return delete("id.userId", userId);
    }
}
