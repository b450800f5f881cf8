package org.vitrina.inventory;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.vitrina.persistence.trail.AuditTrail;

/**
 * Reservations in PostgreSQL, where each step is a function: one statement, one round trip, a transaction by itself. All of
 * them may be repeated on another connection, since they are idempotent.
 */
@ApplicationScoped
class ReservationRepository {
    private static final String RESERVE = "SELECT reserve_stock(?1, ?2, ?3, ?4)";
    private static final String COMMIT = "SELECT commit_stock(?1) FROM " + AuditTrail.by("?2");
    private static final String RELEASE = "SELECT release_stock(?1) FROM " + AuditTrail.by("?2");
    private static final String COUNT = "SELECT count_committed(?1, ?2)";
    private static final String EXPIRE = "SELECT expire_stock(?1)";

    // Others that purge at the same time take other rows.
    private static final String PURGE =
            """
            DELETE FROM reservation WHERE order_id = ANY (ARRAY(
                SELECT order_id FROM reservation
                WHERE ended_at < now() - make_interval(secs => ?1)
                LIMIT ?2 FOR UPDATE SKIP LOCKED))""";

    private final AuditTrail trail;

    ReservationRepository(AuditTrail trail) {
        this.trail = trail;
    }

    /** The word of {@code reserve_stock}. */
    @WithSession
    Uni<String> reserve(UUID orderId, List<Item> items, Duration lifetime) {
        return Panache.getSession().chain(session -> session.createNativeQuery(RESERVE, String.class)
                .setParameter(1, orderId)
                .setParameter(2, list(items, Item::productId))
                .setParameter(3, list(items, Item::quantity))
                .setParameter(4, seconds(lifetime))
                .getSingleResult());
    }

    /** The word of {@code commit_stock}. */
    @WithSession
    Uni<String> commit(UUID orderId) {
        return Panache.getSession().chain(session -> session.createNativeQuery(COMMIT, String.class)
                .setParameter(1, orderId)
                .setParameter(2, trail.deed())
                .getSingleResult());
    }

    @WithSession
    Uni<Void> release(UUID orderId) {
        return Panache.getSession()
                .chain(session -> session.createNativeQuery(RELEASE, String.class)
                        .setParameter(1, orderId)
                        .setParameter(2, trail.deed())
                        .getSingleResult())
                .replaceWithVoid();
    }

    /** Ends reservations whose time is over by the database's clock, at most {@code limit}; how many there were. */
    @WithSession
    Uni<Integer> expire(int limit) {
        return Panache.getSession().chain(session -> session.createNativeQuery(EXPIRE, Integer.class)
                .setParameter(1, limit)
                .getSingleResult());
    }

    /** Takes committed ones that are older than that out of what the audit reads, at most {@code limit}; how many there were. */
    @WithSession
    Uni<Integer> count(Duration age, int limit) {
        return Panache.getSession().chain(session -> session.createNativeQuery(COUNT, Integer.class)
                .setParameter(1, seconds(age))
                .setParameter(2, limit)
                .getSingleResult());
    }

    /** Removes those that ended longer ago by the database's clock, at most {@code limit}; how many there were. */
    @WithSession
    Uni<Integer> purge(Duration age, int limit) {
        return Panache.getSession().chain(session -> session.createNativeQuery(PURGE)
                .setParameter(1, seconds(age))
                .setParameter(2, limit)
                .executeUpdate());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static String list(List<Item> items, Function<Item, Integer> part) {
        return items.stream().map(part).map(String::valueOf).collect(Collectors.joining(","));
    }
}
