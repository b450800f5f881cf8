package org.vitrina.favorites;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * Favorites in PostgreSQL. A single statement needs a session only: it is a transaction by itself, and may be repeated on
 * another connection, since all of ours are idempotent.
 */
@ApplicationScoped
class FavoritesRepository implements PanacheRepositoryBase<FavoriteEntity, FavoriteEntity.Id> {
    private static final String ADD = "SELECT add_favorite(?1, ?2, ?3)";

    /** The user's favorites by product. */
    @WithSession
    Uni<List<Favorite>> of(int userId) {
        return find("id.userId", Sort.by("id.productId"), userId)
                .project(Favorite.class)
                .list();
    }

    /** Adds a favorite; false, and nothing changed, if the user would have more than {@code limit}. */
    @WithSession
    Uni<Boolean> add(int userId, int productId, int limit) {
        return getSession().chain(session -> session.createNativeQuery(ADD, Boolean.class)
                .setParameter(1, userId)
                .setParameter(2, productId)
                .setParameter(3, limit)
                .getSingleResult());
    }

    /** Takes a favorite away, if it is there. */
    @WithSession
    Uni<Void> remove(int userId, int productId) {
        return delete("id.userId = ?1 and id.productId = ?2", userId, productId).replaceWithVoid();
    }

    /** Takes all of a user's away; how many there were. */
    @WithSession
    Uni<Long> clear(int userId) {
        return delete("id.userId", userId);
    }
}
