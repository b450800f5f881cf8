package org.vitrina.notifications;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.vitrina.persistence.Sql;
import org.vitrina.runtime.trace.TraceSpan;

/** Notifications in PostgreSQL. What belongs to one transaction runs in the caller's; the rest are single statements. */
@ApplicationScoped
class NotificationRepository implements PanacheRepositoryBase<NotificationEntity, Long> {
    // confirmation and cancellation of an order, come at once to two replicas, must see each other
    private static final String LOCK_ORDER = "SELECT CAST(pg_advisory_xact_lock(hashtextextended(?1, 0)) AS text)";

    // whether its user is erased must be known to what is written after this
    private static final String LOCK_USER =
            "SELECT CAST(pg_advisory_xact_lock_shared(hashtextextended('user ' || ?1, 0)) AS text)";

    private static final String STATES = "SELECT type || ' ' || state FROM notification WHERE order_id = ?1";

    private static final String ADD =
            """
            INSERT INTO notification (event_id, type, order_id, user_id, phone, text, event, state, reason, settled_at,
                                      traceparent)
            SELECT CAST(?1 AS uuid), ?2, CAST(?3 AS uuid), CAST(?4 AS integer),
                   CASE WHEN NOT late THEN nullif(?5, '') END, CASE WHEN late THEN '' ELSE ?6 END,
                   CASE WHEN late THEN '' ELSE ?7 END, CASE WHEN late THEN 'no-phone' ELSE ?8 END, nullif(?9, ''),
                   CASE WHEN NOT late AND ?8 IN ('received', 'sending') THEN NULL ELSE clock_timestamp() END,
                   nullif(?11, '')
            FROM (SELECT EXISTS (SELECT FROM erased_user
                                 WHERE user_id = ?4 AND erased_at >= CAST(?10 AS timestamptz))) AS of_erased (late)
            ON CONFLICT (event_id) DO NOTHING""";

    private static final String SUPPRESS =
            """
            UPDATE notification SET state = 'suppressed', reason = ?3, settled_at = clock_timestamp()
            WHERE order_id = ?1 AND type = ?2 AND state = 'received'""";

    // that it was tried is still to be known: then the provider may have seen it
    private static final String REVIVE =
            """
            UPDATE notification SET state = ?2, reason = NULL, tries = least(tries, 1), refusals = 0, settled_at = NULL,
                                    next_at = clock_timestamp()
            WHERE event_id = ?1 AND state = 'dead'""";

    private static final String LAY_TO_REST =
            """
            UPDATE notification SET state = 'suppressed', reason = ?2, settled_at = clock_timestamp()
            WHERE event_id = ?1 AND state = 'dead'""";

    // A cancellation waits until the outcome of its order's confirmation is known.
    private static final String CLAIM =
            """
            WITH due AS (
                SELECT position, state FROM notification AS one
                WHERE state IN ('received', 'sending') AND next_at <= now()
                  AND (type <> 'order.cancelled'
                       OR NOT EXISTS (SELECT 1 FROM notification AS other
                                      WHERE other.order_id = one.order_id AND other.type = 'order.confirmed'
                                        AND other.state IN ('received', 'sending')))
                ORDER BY next_at LIMIT $1
                FOR UPDATE SKIP LOCKED)
            UPDATE notification AS one
            SET state = 'sending', held_by = $2, tries = tries + 1,
                next_at = clock_timestamp() + $3 * INTERVAL '1 millisecond'
            FROM due WHERE one.position = due.position
            RETURNING one.position, event_id, type, order_id, phone, text, event, due.state AS before, tries, refusals,
                      traceparent""";

    // whoever sent it: it is sent
    private static final String SENT =
            """
            UPDATE notification SET state = 'sent', reason = NULL, provider_id = $2, held_by = NULL,
                                    settled_at = clock_timestamp()
            WHERE position = $1 AND state <> 'sent'
            RETURNING extract(epoch FROM clock_timestamp() - received_at)::float8 AS age""";

    private static final String UNSURE =
            """
            UPDATE notification SET next_at = clock_timestamp() + $3 * INTERVAL '1 millisecond', reason = $4, refusals = $5,
                                    held_by = NULL
            WHERE position = $1 AND held_by = $2 AND state = 'sending'""";

    private static final String BACK =
            """
            UPDATE notification SET state = 'received', reason = ?3, refusals = ?4, held_by = NULL,
                                    next_at = clock_timestamp() + CAST(?5 AS float8) * INTERVAL '1 millisecond'
            WHERE position = ?1 AND held_by = ?2 AND state = 'sending'""";

    private static final String PARK =
            """
            UPDATE notification SET state = 'dead', reason = ?3, refusals = ?4, held_by = NULL,
                                    settled_at = clock_timestamp()
            WHERE position = ?1 AND held_by = ?2 AND state = 'sending'""";

    // Others that purge at the same time take other rows. What is dead no redrive takes up any more that is so old.
    private static final String PURGE =
            """
            DELETE FROM notification WHERE position = ANY (ARRAY(
                SELECT position FROM notification
                WHERE settled_at < now() - $1 * INTERVAL '1 millisecond'
                LIMIT $2 FOR UPDATE SKIP LOCKED))""";

    private static final String COUNTS = "SELECT state, count(*) AS events FROM notification GROUP BY state";

    private static final String STUCK =
            """
            SELECT count(*) AS events FROM notification
            WHERE state IN ('received', 'sending') AND received_at < now() - $1 * INTERVAL '1 millisecond'""";

    private static final String FORGOTTEN =
            """
            SELECT count(*) AS events FROM handled_event AS handled
            WHERE consumer = 'notifications'
              AND NOT EXISTS (SELECT 1 FROM notification WHERE notification.event_id = handled.event_id)""";

    private static final String TAKEN =
            """
            SELECT event_id FROM unnest($1::uuid[]) AS asked (event_id)
            WHERE EXISTS (SELECT FROM notification WHERE notification.event_id = asked.event_id)
               OR EXISTS (SELECT FROM handled_event AS handled
                          WHERE consumer IN ('notifications', 'notifications.dlq') AND handled.event_id = asked.event_id)
               OR EXISTS (SELECT FROM parked_message WHERE message_id = asked.event_id::text)""";

    // Not older than a few days at the provider, most likely; what was erased is not there any more.
    private static final String NEWEST_SENT =
            """
            SELECT event_id FROM (
                SELECT * FROM notification ORDER BY position DESC LIMIT 1000) AS newest
            WHERE state = 'sent' AND text <> '' ORDER BY settled_at DESC LIMIT 1""";

    private static final String OF_ORDER =
            """
            SELECT event_id, type, state, reason, tries, received_at, settled_at
            FROM notification WHERE order_id = $1 ORDER BY position LIMIT 100""";

    private static final String NOT_AS_SAID =
            """
            SELECT count(*) AS events FROM notification
            WHERE (state = 'sent' AND provider_id IS NULL) OR (state = 'suppressed' AND provider_id IS NOT NULL)""";

    private static final String WAITING =
            """
            SELECT count(*) AS events,
                   coalesce(extract(epoch FROM clock_timestamp() - min(received_at)), 0)::float8 AS age
            FROM notification WHERE state IN ('received', 'sending')""";

    private final Sql sql;

    NotificationRepository(Sql sql) {
        this.sql = sql;
    }

    /** Until the caller's transaction ends, no other works on the order's notifications. */
    Uni<Void> lockOrder(UUID orderId) {
        return lock(LOCK_ORDER, orderId.toString());
    }

    /** Until the caller's transaction ends, the user is not erased. */
    Uni<Void> lockUser(int userId) {
        return lock(LOCK_USER, String.valueOf(userId));
    }

    private Uni<Void> lock(String statement, String of) {
        return getSession()
                .chain(session -> session.createNativeQuery(statement, String.class)
                        .setParameter(1, of)
                        .getSingleResultOrNull())
                .replaceWithVoid();
    }

    /** The states of the order's confirmation and cancellation, by type; in the caller's transaction. */
    Uni<Map<String, NotificationState>> states(UUID orderId) {
        return getSession()
                .chain(session -> session.createNativeQuery(STATES, String.class)
                        .setParameter(1, orderId)
                        .getResultList())
                .map(lines -> {
                    Map<String, NotificationState> states = new TreeMap<>();
                    for (String line : lines) {
                        String[] parts = line.split(" ", -1);
                        states.put(parts[0], NotificationState.of(parts[1]));
                    }
                    return states;
                });
    }

    /** In the caller's transaction; nothing if the event has a row. */
    Uni<Void> add(OrderEvent event, String json, NotificationState state, String reason) {
        String traceparent = TraceSpan.current().recordedTraceparent();
        return execute(ADD, query -> query.setParameter(1, event.eventId())
                        .setParameter(2, event.type())
                        .setParameter(3, event.orderId())
                        .setParameter(4, event.userId())
                        .setParameter(5, event.phone() == null ? "" : event.phone())
                        .setParameter(6, event.text())
                        .setParameter(7, json)
                        .setParameter(8, state.text())
                        .setParameter(9, reason)
                        // one that does not say when is taken for an old one
                        .setParameter(
                                10, event.occurredAt().orElse(Instant.EPOCH).atOffset(ZoneOffset.UTC))
                        .setParameter(11, traceparent == null ? "" : traceparent))
                .replaceWithVoid();
    }

    /** In the caller's transaction: true if the order's event of this type was not at the provider, and never will be. */
    Uni<Boolean> suppress(UUID orderId, String type, String reason) {
        return execute(SUPPRESS, query -> query.setParameter(1, orderId)
                        .setParameter(2, type)
                        .setParameter(3, reason))
                .map(rows -> rows > 0);
    }

    /** In the caller's transaction: takes up what was given up. */
    Uni<Void> revive(UUID eventId, NotificationState state) {
        return execute(REVIVE, query -> query.setParameter(1, eventId).setParameter(2, state.text()))
                .replaceWithVoid();
    }

    /** In the caller's transaction: what was given up is not wanted any more. */
    Uni<Void> park(UUID eventId, String reason) {
        return execute(LAY_TO_REST, query -> query.setParameter(1, eventId).setParameter(2, reason))
                .replaceWithVoid();
    }

    Uni<List<Claimed>> claim(int most, Duration lease) {
        UUID holder = UUID.randomUUID();
        return sql.query(CLAIM, Tuple.of(most, holder, (double) lease.toMillis()))
                .map(rows -> {
                    List<Claimed> claimed = new ArrayList<>(rows.size());
                    rows.forEach(row -> claimed.add(claimed(row, holder)));
                    return claimed;
                });
    }

    private static Claimed claimed(Row row, UUID holder) {
        return new Claimed(
                row.getLong("position"),
                row.getUUID("event_id"),
                row.getString("type"),
                row.getUUID("order_id"),
                row.getString("phone"),
                row.getString("text"),
                row.getString("event"),
                NotificationState.of(row.getString("before")) == NotificationState.SENDING,
                row.getInteger("tries") - 1,
                row.getInteger("refusals"),
                holder,
                row.getString("traceparent"));
    }

    /** How many seconds ago its event came; nothing where it was known to be sent. */
    Uni<Optional<Double>> sent(Claimed one, String providerId) {
        return sql.list(SENT, Tuple.of(one.position(), providerId), row -> row.getDouble("age"))
                .map(ages -> ages.stream().findFirst());
    }

    /** The provider may have it: it is tried again after the pause, knowing that. */
    Uni<Void> unsure(Claimed one, Duration pause, String reason, int refusals) {
        return sql.query(UNSURE, Tuple.of(one.position(), one.heldBy(), (double) pause.toMillis(), reason, refusals))
                .replaceWithVoid();
    }

    /** In the caller's transaction: the provider certainly does not have it; false if it is not ours any more. */
    Uni<Boolean> back(Claimed one, Duration pause, String reason, int refusals) {
        return execute(BACK, query -> query.setParameter(1, one.position())
                        .setParameter(2, one.heldBy())
                        .setParameter(3, reason)
                        .setParameter(4, refusals)
                        .setParameter(5, (double) pause.toMillis()))
                .map(rows -> rows == 1);
    }

    /** In the caller's transaction: gives it up; false if it is not ours any more. */
    Uni<Boolean> park(Claimed one, String reason, int refusals) {
        return execute(PARK, query -> query.setParameter(1, one.position())
                        .setParameter(2, one.heldBy())
                        .setParameter(3, reason)
                        .setParameter(4, refusals))
                .map(rows -> rows == 1);
    }

    /** The user's newest before a position. */
    @WithSession
    Uni<List<Notification>> of(int userId, long before, int most) {
        return find("userId = ?1 and position < ?2 order by position desc", userId, before)
                .page(0, most)
                .list()
                .map(rows ->
                        rows.stream().map(NotificationRepository::notification).toList());
    }

    private static Notification notification(NotificationEntity row) {
        NotificationState state = NotificationState.of(row.state);
        boolean unsent = state == NotificationState.DEAD || state == NotificationState.SUPPRESSED;
        return new Notification(
                row.position,
                row.eventId,
                row.type,
                row.orderId,
                row.text,
                state,
                unsent ? row.reason : null,
                row.receivedAt,
                state == NotificationState.SENT ? row.settledAt : null);
    }

    /** The position of a user's notification by its event. */
    @WithSession
    Uni<Optional<Long>> position(int userId, UUID eventId) {
        return find("userId = ?1 and eventId = ?2", userId, eventId)
                .firstResult()
                .map(row -> Optional.ofNullable(row).map(found -> found.position));
    }

    /** Removes those that were settled longer ago by the database's clock, at most {@code limit}; how many there were. */
    Uni<Integer> purge(Duration age, int limit) {
        return sql.update(PURGE, Tuple.of((double) age.toMillis(), limit));
    }

    Uni<Map<String, Long>> counts() {
        return sql.query(COUNTS).map(rows -> {
            Map<String, Long> counts = new TreeMap<>();
            for (NotificationState state : NotificationState.values()) {
                counts.put(state.text(), 0L);
            }
            rows.forEach(row -> counts.put(row.getString("state"), row.getLong("events")));
            return counts;
        });
    }

    Uni<Long> stuck(Duration limit) {
        return sql.query(STUCK, Tuple.of((double) limit.toMillis()))
                .map(rows -> rows.iterator().next().getLong("events"));
    }

    /** Events that are remembered as handled and have no notification: lost ones. */
    Uni<Long> forgotten() {
        return sql.query(FORGOTTEN).map(rows -> rows.iterator().next().getLong("events"));
    }

    /** Those of the events that have come: what they are about was done, or is tried again from our own table. */
    Uni<List<UUID>> taken(List<UUID> events) {
        return sql.query(TAKEN, Tuple.tuple().addArrayOfUUID(events.toArray(UUID[]::new)))
                .map(rows -> {
                    List<UUID> taken = new ArrayList<>(rows.size());
                    rows.forEach(row -> taken.add(row.getUUID("event_id")));
                    return taken;
                });
    }

    /** The event of the latest message that the provider has accepted, among those of late. */
    Uni<Optional<UUID>> newestSent() {
        return sql.list(NEWEST_SENT, Tuple.tuple(), row -> row.getUUID("event_id"))
                .map(events -> events.stream().findFirst());
    }

    Uni<List<OrderMessages.Fate>> ofOrder(UUID orderId) {
        return sql.list(OF_ORDER, Tuple.of(orderId), NotificationRepository::fate);
    }

    private static OrderMessages.Fate fate(Row row) {
        OffsetDateTime settled = row.getOffsetDateTime("settled_at");
        return new OrderMessages.Fate(
                row.getUUID("event_id"),
                row.getString("type"),
                row.getString("state"),
                row.getString("reason"),
                row.getInteger("tries"),
                row.getOffsetDateTime("received_at").toInstant(),
                settled == null ? null : settled.toInstant());
    }

    Uni<Long> notAsSaid() {
        return sql.query(NOT_AS_SAID).map(rows -> rows.iterator().next().getLong("events"));
    }

    /** How many are without an end, and the age of the oldest in seconds. */
    record Waiting(long events, double age) {}

    Uni<Waiting> waiting() {
        return sql.query(WAITING).map(rows -> {
            Row row = rows.iterator().next();
            return new Waiting(row.getLong("events"), row.getDouble("age"));
        });
    }

    private interface Parameters {
        Mutiny.Query<?> in(Mutiny.Query<?> query);
    }

    private Uni<Integer> execute(String statement, Parameters parameters) {
        return getSession()
                .chain(session ->
                        parameters.in(session.createNativeQuery(statement)).executeUpdate());
    }
}
