package org.vitrina.favorites;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
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
    // Additions of one user wait for each other, so that no race passes the limit.
    private static final String ONE_AT_A_TIME = "SELECT 1 FROM (SELECT pg_advisory_xact_lock(?1)) AS mine";

    private static final String ADD =
            """
            INSERT INTO user_favorite (user_id, product_id)
            SELECT ?1, ?2
            WHERE (SELECT count(*) FROM user_favorite WHERE user_id = ?1 AND product_id <> ?2) < ?3
            ON CONFLICT (user_id, product_id) DO UPDATE SET product_id = excluded.product_id""";

    /** The user's favorites by product. */
    @WithSession
    Uni<List<Favorite>> of(int userId) {
        return find("id.userId", Sort.by("id.productId"), userId)
                .project(Favorite.class)
                .list();
    }

    /** Adds a favorite; false, and nothing changed, if the user would have more than {@code limit}. */
    @WithTransaction
    Uni<Boolean> add(int userId, int productId, int limit) {
        return getSession()
                .chain(session -> session.createNativeQuery(ONE_AT_A_TIME, Integer.class)
                        .setParameter(1, userId)
                        .getSingleResult()
                        .chain(mine -> session.createNativeQuery(ADD)
                                .setParameter(1, userId)
                                .setParameter(2, productId)
                                .setParameter(3, limit)
                                .executeUpdate()))
                .map(added -> added > 0);
    }

    /** Takes a favorite away, if it is there. */
    @WithSession
    Uni<Void> remove(int userId, int productId) {
        return delete("id.userId = ?1 and id.productId = ?2", userId, productId).replaceWithVoid();
    }
}
