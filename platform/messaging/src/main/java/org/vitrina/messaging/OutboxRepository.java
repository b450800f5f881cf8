package org.vitrina.messaging;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.vitrina.persistence.Sql;

/** The table of outgoing events; all that is done with it but for {@code add_to_outbox} itself, a function of the database. */
@Singleton
class OutboxRepository {
    private static final String ADD = "SELECT add_to_outbox(?1, ?2, ?3, ?4, ?5, ?6)";

    private static final String CLAIM_OF =
            """
            WITH oldest AS (
                SELECT ordering_key FROM outbox AS event
                WHERE %s(held_until IS NULL OR held_until < clock_timestamp())
                  AND exchange || ' ' || routing_key <> ALL ($5)
                  AND NOT EXISTS (SELECT 1 FROM outbox AS earlier
                                  WHERE earlier.ordering_key = event.ordering_key AND earlier.position < event.position)
                ORDER BY position LIMIT $1
                FOR UPDATE SKIP LOCKED)
            UPDATE outbox AS event
            SET held_by = $3, held_until = clock_timestamp() + $4 * INTERVAL '1 millisecond'
            FROM oldest CROSS JOIN LATERAL (
                SELECT position FROM outbox AS next
                WHERE next.ordering_key = oldest.ordering_key ORDER BY position LIMIT $2) AS taken
            WHERE event.position = taken.position
            RETURNING event.position, event_id, exchange, routing_key, event.ordering_key, headers, body,
                      extract(epoch FROM clock_timestamp() - created_at)::float8 AS age""";

    static final String CLAIM = CLAIM_OF.formatted("");

    /** Looks at these positions only. */
    static final String CLAIM_AMONG = CLAIM_OF.formatted("position = ANY ($6) AND ");

    static final String WINDOW =
            """
            (SELECT position, TRUE AS walked FROM outbox WHERE position > $1 ORDER BY position LIMIT $2)
            UNION ALL
            (SELECT position, FALSE FROM outbox ORDER BY position DESC LIMIT $2)""";

    private static final String DELETE =
            """
            DELETE FROM outbox WHERE position = ANY ($1)
            RETURNING extract(epoch FROM clock_timestamp() - created_at)::float8 AS age""";

    private static final String RELEASE =
            "UPDATE outbox SET held_by = NULL, held_until = NULL WHERE position = ANY ($1) AND held_by = $2";

    private static final String BODIES =
            "SELECT position, body FROM outbox WHERE position > $1 ORDER BY position LIMIT $2";

    private static final String REPLACE = "UPDATE outbox SET body = $2 WHERE position = $1";

    private static final String WAITING =
            """
            SELECT count(*) AS depth, coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 AS age
            FROM outbox""";

    private final Sql sql;

    OutboxRepository(Sql sql) {
        this.sql = sql;
    }

    /**
     * In the caller's Hibernate transaction; fails where there is none.
     *
     * @param headers a JSON object of strings
     */
    Uni<Void> add(UUID id, String exchange, String routingKey, String orderingKey, String headers, byte[] body) {
        return Panache.getSession().chain(session -> {
            Outbox.requireTransaction(session);
            return session.createNativeQuery(ADD, Long.class)
                    .setParameter(1, id)
                    .setParameter(2, exchange)
                    .setParameter(3, routingKey)
                    .setParameter(4, orderingKey)
                    .setParameter(5, headers)
                    .setParameter(6, body)
                    .getSingleResult()
                    .replaceWithVoid();
        });
    }

    /** The oldest events, each key's with those that follow it, held for the lease. */
    Uni<List<OutboxRow>> claim(int most, int mostOfKey, UUID holder, long leaseMillis) {
        return claim(CLAIM, Tuple.of(most, mostOfKey, holder, (double) leaseMillis, new String[0]));
    }

    /**
     * As {@link #claim(int, int, UUID, long)}, but of what is in the window only.
     *
     * @param without routes: keys whose oldest event goes there are left alone
     */
    Uni<List<OutboxRow>> claim(
            int most, int mostOfKey, UUID holder, long leaseMillis, Set<String> without, Window window) {
        return claim(
                CLAIM_AMONG,
                Tuple.of(most, mostOfKey, holder, (double) leaseMillis, without.toArray(String[]::new))
                        .addArrayOfLong(window.positions().toArray(Long[]::new)));
    }

    private Uni<List<OutboxRow>> claim(String statement, Tuple parameters) {
        return sql.query(statement, parameters).map(rows -> {
            List<OutboxRow> batch = new ArrayList<>(rows.size());
            rows.forEach(row -> batch.add(outgoing(row)));
            batch.sort(Comparator.comparingLong(OutboxRow::position));
            return batch;
        });
    }

    /**
     * A part of the table.
     *
     * @param next where the next one begins; 0 when this one has reached the end
     */
    record Window(Set<Long> positions, long next) {}

    /**
     * What a look costs is bounded by this where most of the events are left alone, however many they are: some of those
     * after a position, and the newest, since those that are not left alone are mostly among them.
     */
    Uni<Window> window(long after, int most) {
        return sql.query(WINDOW, Tuple.of(after, most)).map(rows -> {
            Set<Long> positions = new HashSet<>();
            long last = 0;
            int walked = 0;
            for (Row row : rows) {
                long position = row.getLong("position");
                positions.add(position);
                if (row.getBoolean("walked")) {
                    walked++;
                    last = Math.max(last, position);
                }
            }
            return new Window(positions, walked < most ? 0 : last);
        });
    }

    private static OutboxRow outgoing(Row row) {
        return new OutboxRow(
                row.getLong("position"),
                row.getUUID("event_id"),
                row.getString("exchange"),
                row.getString("routing_key"),
                row.getString("ordering_key"),
                new JsonObject(row.getString("headers")),
                row.getBuffer("body").getDelegate(),
                row.getDouble("age"));
    }

    /** How many seconds ago each of these was written. */
    Uni<List<Double>> delete(Collection<Long> positions) {
        return sql.list(
                DELETE, Tuple.tuple().addArrayOfLong(positions.toArray(Long[]::new)), row -> row.getDouble("age"));
    }

    /** What was not confirmed need not wait for the end of the lease; deleted rows are not there any more. */
    Uni<Void> release(List<OutboxRow> batch, UUID holder) {
        Long[] positions = batch.stream().map(OutboxRow::position).toArray(Long[]::new);
        return sql.query(RELEASE, Tuple.tuple().addArrayOfLong(positions).addUUID(holder))
                .replaceWithVoid();
    }

    /** The contents of some events, after that position. */
    Uni<List<StoredBody<Long>>> bodies(long after, int most) {
        return sql.list(
                BODIES,
                Tuple.of(after, most),
                row -> new StoredBody<>(
                        row.getLong("position"), row.getBuffer("body").getDelegate()));
    }

    /** Gives an event that was not sent yet another content. */
    Uni<Void> replace(StoredBody<Long> body) {
        return sql.query(REPLACE, Tuple.of(body.key()).addBuffer(Buffer.newInstance(body.content())))
                .replaceWithVoid();
    }

    /** How many events wait, and the age of the oldest in seconds. */
    record Waiting(long depth, double age) {}

    Uni<Waiting> waiting() {
        return sql.query(WAITING).map(rows -> {
            Row row = rows.iterator().next();
            return new Waiting(row.getLong("depth"), row.getDouble("age"));
        });
    }
}
