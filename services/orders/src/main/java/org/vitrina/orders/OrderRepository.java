package org.vitrina.orders;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Money;
import org.vitrina.http.IdempotencyKey;
import org.vitrina.messaging.Outbox;
import org.vitrina.orders.upstream.RejectionReason;
import org.vitrina.persistence.Sql;
import org.vitrina.persistence.idempotency.Fingerprint;
import org.vitrina.persistence.trail.AuditTrail;
import org.vitrina.runtime.trace.TraceSpan;

/**
 * Orders in PostgreSQL. Each method is one statement, and so one transaction and one round trip: nothing is locked while
 * the service is busy with something else, and a caller who leaves interrupts nothing. So there is no Hibernate session.
 * A statement that is cut short at its request's deadline has changed nothing.
 */
@ApplicationScoped
class OrderRepository {
    private static final Logger LOG = Logger.getLogger(OrderRepository.class);

    private static final String ORDER =
            """
            o.id, o.user_id, o.sequence, o.request_key, o.status, o.revision, o.lines, o.total, o.shipping_to, o.reason,
            o.about, o.step, o.attempts, o.created_at, o.traceparent""";

    private static final String TAG = "coalesce(c.version, 0) AS version, coalesce(fingerprint_of(c.content), '"
            + CollectionTag.NO_ORDERS + "') AS fingerprint";

    private static final String STANDING =
            """
            SELECT %s, r.fingerprint AS print, r.lease_until > now() AS answering, %s
            FROM (VALUES ($1::integer)) AS asker (user_id)
            LEFT JOIN order_collection c ON c.user_id = asker.user_id
            LEFT JOIN LATERAL (
                SELECT * FROM idempotency_record k
                WHERE k.user_id = asker.user_id AND k.operation = 'place-order' AND k.key IN ($2, $3)
                ORDER BY k.key = $4 DESC LIMIT 1) r ON TRUE
            LEFT JOIN customer_order o ON o.id = r.subject"""
                    .formatted(TAG, ORDER);

    // that who acts is looked at makes it known before the function runs
    private static final String ACCEPT =
            """
            SELECT accepted.* FROM %s AS deed, LATERAL accept_order(
                CASE WHEN deed <> '' THEN $1::uuid END, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS accepted"""
                    .formatted(AuditTrail.by("$12"));

    private static final String ACCEPT_TRACED =
            """
            SELECT accepted.* FROM %s AS deed, LATERAL accept_traced_order(
                $13, CASE WHEN deed <> '' THEN $1::uuid END, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS accepted"""
                    .formatted(AuditTrail.by("$12"));

    private static final String MOVE = "SELECT * FROM move_order($1, $2, $3, $4, $5, $6, $7)";

    private static final String CANCEL =
            """
            SELECT cancelled.* FROM %s AS deed, LATERAL cancel_order(
                CASE WHEN deed <> '' THEN $1::uuid END, $2, $3, $4) AS cancelled"""
                    .formatted(AuditTrail.by("$5"));

    private static final String FIND =
            """
            SELECT %s, %s FROM (VALUES ($1::integer)) AS asker (user_id)
            LEFT JOIN order_collection c ON c.user_id = asker.user_id
            LEFT JOIN customer_order o ON o.id = $2 AND o.user_id = asker.user_id"""
                    .formatted(TAG, ORDER);

    // One statement, so that version, fingerprint and orders are of one instant.
    private static final String PAGE =
            """
            SELECT %s, %s, $2::uuid IS NULL OR before.sequence IS NOT NULL AS known
            FROM (VALUES ($1::integer)) AS asker (user_id)
            LEFT JOIN order_collection c ON c.user_id = asker.user_id
            LEFT JOIN customer_order before ON before.id = $2 AND before.user_id = asker.user_id
            LEFT JOIN LATERAL (
                SELECT * FROM customer_order page
                WHERE page.user_id = asker.user_id AND page.sequence < coalesce(before.sequence, 9223372036854775807)
                ORDER BY page.sequence DESC LIMIT $3) o ON TRUE
            ORDER BY o.sequence DESC"""
                    .formatted(TAG, ORDER);

    private static final String BY_IDS = "SELECT %s FROM customer_order o WHERE o.id = ANY ($1)".formatted(ORDER);

    // an array, since a plan may look at a mere subquery once for each row, and so lock more than its limit
    private static final String TAKE =
            """
            UPDATE customer_order o
            SET attempts = attempts + 1, due_at = now() + $1::bigint * interval '1 millisecond'
            WHERE id = ANY (ARRAY(
                SELECT id FROM customer_order WHERE step <> 'none' AND due_at <= now()
                ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED))
            RETURNING %s, o.created_at < now() - $3::bigint * interval '1 millisecond' AS overdue"""
                    .formatted(ORDER);

    private static final String POSTPONE =
            """
            UPDATE customer_order SET due_at = now() + $3::bigint * interval '1 millisecond'
            WHERE id = $1 AND step = $2""";

    // locked by id, so that two that have orders in common do not wait for each other
    private static final String COMMITTED =
            """
            UPDATE customer_order SET step = 'none'
            WHERE id = ANY (ARRAY(
                SELECT id FROM customer_order WHERE id = ANY ($1) AND step = 'commit' ORDER BY id FOR UPDATE))""";

    private static final String FREE = "SELECT free_idempotency_key($1, 'place-order', $2, $3)";

    private final Sql sql;
    private final ObjectMapper json;
    private final Outbox outbox;
    private final AuditTrail trail;
    private final long lease;
    private final long limit;

    OrderRepository(Sql sql, ObjectMapper json, Outbox outbox, AuditTrail trail, OrdersConfig config) {
        this.sql = sql;
        this.json = json;
        this.outbox = outbox;
        this.trail = trail;
        this.lease = config.saga().lease().toMillis();
        this.limit = config.saga().limit().toMillis();
    }

    /**
     * What is known of a key, at one instant: of its record, or of the one that an earlier release kept under the quoted
     * spelling.
     *
     * @param tag of the user's orders
     * @param print fingerprint of the request that the key stands for; null where it is free
     * @param answering whether that request may still be waiting for its answer
     * @param order what it made; null where the key is free
     */
    record Standing(CollectionTag tag, @Nullable Buffer print, boolean answering, @Nullable Order order) {}

    Uni<Standing> standing(int userId, IdempotencyKey key) {
        return sql.query(STANDING, Tuple.of(userId, key.value(), key.quoted(), key.asSent()))
                .map(rows -> {
                    Row row = single(rows);
                    return new Standing(
                            tag(row),
                            row.getBuffer("print"),
                            Boolean.TRUE.equals(row.getBoolean("answering")),
                            row.getUUID("id") == null ? null : order(row));
                });
    }

    /** What came of accepting an order. */
    sealed interface Accepted {
        /** It is there; with the version that its acceptance made. */
        record Done(Order order, long version) implements Accepted {}

        /** Nothing was done: another request has the key, or the user's orders have changed. */
        record Look() implements Accepted {}
    }

    /**
     * Writes order, key, version and event.
     *
     * @param expected the version that the user's orders must have; null for any
     * @param answer how long the request will wait for the order to be decided
     */
    Uni<Accepted> accept(
            UUID id,
            int userId,
            String key,
            Fingerprint fingerprint,
            @Nullable Long expected,
            NewOrder wanted,
            Duration answer) {
        Tuple values = Tuple.tuple()
                .addUUID(id)
                .addInteger(userId)
                .addString(key)
                .addBuffer(Buffer.buffer(fingerprint.bytes()))
                .addLong(expected)
                .addString(wanted.linesAsJson())
                .addBigDecimal(wanted.total().amount())
                .addString(wanted.shippingTo())
                .addString(wanted.phone())
                .addLong(lease)
                .addLong(answer.toMillis())
                .addString(trail.deed());
        String traceparent = TraceSpan.current().recordedTraceparent();
        Uni<RowSet<Row>> accepted = traceparent == null
                ? sql.query(ACCEPT, values)
                : sql.query(ACCEPT_TRACED, values.addString(traceparent));
        return accepted.invoke(outbox::announce).map(rows -> {
            Row row = single(rows);
            if (!row.getString("outcome").equals("accepted")) {
                return new Accepted.Look();
            }
            var order = new Order(
                    id,
                    userId,
                    row.getLong("new_sequence"),
                    key,
                    Status.PENDING,
                    1,
                    wanted.lines(),
                    wanted.total(),
                    wanted.shippingTo(),
                    null,
                    "",
                    Step.CHARGE,
                    0,
                    false,
                    row.getOffsetDateTime("accepted_at").toInstant(),
                    traceparent);
            return new Accepted.Done(order, row.getLong("new_version"));
        });
    }

    /**
     * A step that was made.
     *
     * @param status the order's, now
     * @param version the collection's, now; 0 where the status did not change
     */
    record Moved(Status status, long version) {}

    /**
     * Leads the order on, if it is still at that step; nothing where it is not.
     *
     * @param status null for the end that the order has come to: rejected where there is a reason, else cancelled
     */
    Uni<Optional<Moved>> move(
            UUID id,
            Step from,
            Step to,
            @Nullable Status status,
            @Nullable RejectionReason reason,
            @Nullable String about) {
        Tuple values = Tuple.tuple()
                .addUUID(id)
                .addString(from.text())
                .addString(to.text())
                .addString(status == null ? null : status.text())
                .addString(reason == null ? null : reason.slug())
                .addString(about)
                .addLong(lease);
        return sql.query(MOVE, values).invoke(outbox::announce).map(rows -> {
            Row row = single(rows);
            if (!row.getBoolean("moved")) {
                return Optional.empty();
            }
            Long version = row.getLong("new_version");
            return Optional.of(new Moved(Status.of(row.getString("new_status")), version == null ? 0 : version));
        });
    }

    /** What came of a cancellation. */
    enum Cancel {
        /** It is being cancelled from now on. */
        BEGUN,
        /** It was being cancelled, or at its end, before. */
        ALREADY,
        /** Nothing was done: the user's orders have changed. */
        CHANGED,
        /** The user has no such order. */
        UNKNOWN
    }

    /** @param expected the version that the user's orders must have; null for any */
    Uni<Cancel> cancel(UUID id, int userId, @Nullable Long expected) {
        Tuple values = Tuple.tuple()
                .addUUID(id)
                .addInteger(userId)
                .addLong(expected)
                .addLong(lease)
                .addString(trail.deed());
        return sql.query(CANCEL, values).invoke(outbox::announce).map(rows -> switch (single(rows)
                .getString("outcome")) {
            case "cancelling" -> Cancel.BEGUN;
            case "already" -> Cancel.ALREADY;
            case "changed" -> Cancel.CHANGED;
            default -> Cancel.UNKNOWN;
        });
    }

    /**
     * An order and what it is part of, at one instant.
     *
     * @param order null where the user has no such order
     */
    record Found(CollectionTag tag, @Nullable Order order) {}

    Uni<Found> find(int userId, UUID id) {
        return sql.query(FIND, Tuple.of(userId, id)).map(rows -> {
            Row row = single(rows);
            return new Found(tag(row), row.getUUID("id") == null ? null : order(row));
        });
    }

    /**
     * Some of a user's orders, newest first.
     *
     * @param known false where the order to begin after is none of the user's
     */
    record OrdersPage(CollectionTag tag, List<Order> orders, boolean known) {}

    /** @param before only orders older than this one; null for the newest */
    Uni<OrdersPage> page(int userId, @Nullable UUID before, int most) {
        Tuple values = Tuple.tuple().addInteger(userId).addUUID(before).addInteger(most);
        return sql.query(PAGE, values).map(rows -> {
            List<Order> orders = new ArrayList<>(rows.size());
            Row first = single(rows);
            for (Row row : rows) {
                if (row.getUUID("id") != null) {
                    orders.add(order(row));
                }
            }
            return new OrdersPage(tag(first), orders, first.getBoolean("known"));
        });
    }

    Uni<List<Order>> all(Collection<UUID> ids) {
        return sql.query(BY_IDS, Tuple.tuple().addArrayOfUUID(ids.toArray(UUID[]::new)))
                .map(this::orders);
    }

    /** Takes orders that nobody works on, for the length of a lease. */
    Uni<List<Order>> take(int most) {
        return sql.query(TAKE, Tuple.of(lease, most, limit)).map(this::orders);
    }

    /** Lets the order rest at this step. */
    Uni<Void> postpone(UUID id, Step step, Duration pause) {
        return sql.query(POSTPONE, Tuple.of(id, step.text(), pause.toMillis())).replaceWithVoid();
    }

    /** Nothing is left to be done for these, unless they are being cancelled by now. */
    Uni<Void> committed(Collection<UUID> ids) {
        return sql.query(COMMITTED, Tuple.tuple().addArrayOfUUID(ids.toArray(UUID[]::new)))
                .replaceWithVoid();
    }

    /** Gives the order's key back. */
    Uni<Void> freeKey(Order order) {
        return sql.query(FREE, Tuple.of(order.userId(), order.requestKey(), order.id()))
                .replaceWithVoid();
    }

    /** One that this release cannot read, such as one that a newer release wrote, must hold up no other. */
    private List<Order> orders(RowSet<Row> rows) {
        List<Order> orders = new ArrayList<>(rows.size());
        for (Row row : rows) {
            try {
                orders.add(order(row));
            } catch (IllegalArgumentException | IllegalStateException e) {
                LOG.errorf(e, "order %s cannot be read", row.getUUID("id"));
            }
        }
        return orders;
    }

    private Order order(Row row) {
        String about = row.getString("about");
        return new Order(
                row.getUUID("id"),
                row.getInteger("user_id"),
                row.getLong("sequence"),
                row.getString("request_key"),
                Status.of(row.getString("status")),
                row.getInteger("revision"),
                lines(row.getString("lines")),
                new Money(row.getBigDecimal("total")),
                row.getString("shipping_to"),
                row.getString("reason"),
                about == null ? "" : about,
                Step.of(row.getString("step")),
                row.getInteger("attempts"),
                row.getColumnIndex("overdue") >= 0 && row.getBoolean("overdue"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getString("traceparent"));
    }

    private List<Line> lines(String text) {
        try {
            return List.of(json.readValue(text, Line[].class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an order's lines cannot be read", e);
        }
    }

    private static CollectionTag tag(Row row) {
        return new CollectionTag(row.getLong("version"), row.getString("fingerprint"));
    }

    private static Row single(RowSet<Row> rows) {
        return rows.iterator().next();
    }
}
