package org.vitrina.inventory;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vitrina.persistence.Sql;
import org.vitrina.persistence.trail.AuditTrail;

/**
 * Levels in PostgreSQL. A single statement needs a session only: it is a transaction by itself, and may be repeated on
 * another connection, since all of ours are idempotent.
 */
@ApplicationScoped
class InventoryRepository implements PanacheRepositoryBase<InventoryEntity, Integer>, LevelSource {
    // not HQL, which is translated anew for each list of ids
    private static final String LEVELS =
            "SELECT product_id, on_hand - reserved AS level FROM inventory WHERE product_id = ANY ($1)";

    // The guard sits in the statement, so that no reservation slips in between a look and the write.
    private static final String SET_ON_HAND =
            """
            INSERT INTO inventory AS level (product_id, on_hand)
            SELECT cast(?1 AS integer), cast(?2 AS integer) FROM %s
            ON CONFLICT (product_id) DO UPDATE SET on_hand = excluded.on_hand WHERE level.reserved <= excluded.on_hand
            RETURNING on_hand - reserved"""
                    .formatted(AuditTrail.by("?3"));

    private static final String ON_STOCK = "SELECT on_hand, reserved FROM inventory WHERE product_id = $1";

    private static final String REPLACE_ON_HAND =
            """
            UPDATE inventory SET on_hand = ?2 FROM %s
            WHERE product_id = ?1 AND on_hand = ?3 AND reserved <= ?2
            RETURNING on_hand - reserved"""
                    .formatted(AuditTrail.by("?4"));

    private final Sql sql;
    private final AuditTrail trail;

    InventoryRepository(Sql sql, AuditTrail trail) {
        this.sql = sql;
        this.trail = trail;
    }

    @Override
    public Uni<Optional<Level>> level(int productId) {
        return read(Set.of(productId)).map(found -> found.stream().findFirst());
    }

    @Override
    public Multi<Level> levels(Set<Integer> productIds) {
        return read(productIds).onItem().transformToMulti(Multi.createFrom()::iterable);
    }

    private Uni<List<Level>> read(Set<Integer> productIds) {
        return sql.list(
                LEVELS,
                Tuple.of(productIds.toArray(Integer[]::new)),
                row -> new Level(row.getInteger("product_id"), row.getInteger("level")));
    }

    /** Sets what is on hand and answers what can be sold then; empty, and nothing changed, if more is reserved. */
    @WithSession
    Uni<Optional<Integer>> setOnHand(int productId, int onHand) {
        return getSession()
                .chain(session -> session.createNativeQuery(SET_ON_HAND, Integer.class)
                        .setParameter(1, productId)
                        .setParameter(2, onHand)
                        .setParameter(3, trail.deed())
                        .getSingleResultOrNull())
                .map(Optional::ofNullable);
    }

    /** What the warehouse has of a product; empty where nothing is known of it. */
    Uni<Optional<OnStock>> onStock(int productId) {
        return sql.list(
                        ON_STOCK,
                        Tuple.of(productId),
                        row -> new OnStock(row.getInteger("on_hand"), row.getInteger("reserved")))
                .map(found -> found.stream().findFirst());
    }

    /** As {@link #setOnHand}, and empty too if not {@code seen} is on hand. */
    @WithSession
    Uni<Optional<Integer>> replaceOnHand(int productId, int onHand, int seen) {
        return getSession()
                .chain(session -> session.createNativeQuery(REPLACE_ON_HAND, Integer.class)
                        .setParameter(1, productId)
                        .setParameter(2, onHand)
                        .setParameter(3, seen)
                        .setParameter(4, trail.deed())
                        .getSingleResultOrNull())
                .map(Optional::ofNullable);
    }
}
