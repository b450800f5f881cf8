package org.vitrina.inventory;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Levels in PostgreSQL. A single statement needs a session only: it is a transaction by itself, and may be repeated on
 * another connection, since all of ours are idempotent.
 */
@ApplicationScoped
class InventoryRepository implements PanacheRepositoryBase<InventoryEntity, Integer>, LevelSource {
    private static final String LEVELS =
            "select productId, onHand - reserved from InventoryEntity where productId in ?1";

    // The guard sits in the statement, so that no reservation slips in between a look and the write.
    private static final String SET_ON_HAND =
            """
            INSERT INTO inventory AS level (product_id, on_hand) VALUES (?1, ?2)
            ON CONFLICT (product_id) DO UPDATE SET on_hand = excluded.on_hand WHERE level.reserved <= excluded.on_hand
            RETURNING on_hand - reserved""";

    @Override
    public Uni<Optional<Level>> level(int productId) {
        return read(Set.of(productId)).map(found -> found.stream().findFirst());
    }

    @Override
    public Multi<Level> levels(Set<Integer> productIds) {
        return read(productIds).onItem().transformToMulti(Multi.createFrom()::iterable);
    }

    @WithSession
    Uni<List<Level>> read(Set<Integer> productIds) {
        return find(LEVELS, productIds).project(Level.class).list();
    }

    /** Sets what is on hand and answers what can be sold then; empty, and nothing changed, if more is reserved. */
    @WithSession
    Uni<Optional<Integer>> setOnHand(int productId, int onHand) {
        return getSession()
                .chain(session -> session.createNativeQuery(SET_ON_HAND, Integer.class)
                        .setParameter(1, productId)
                        .setParameter(2, onHand)
                        .getSingleResultOrNull())
                .map(Optional::ofNullable);
    }
}
