package org.vitrina.messaging;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.vitrina.persistence.Sql;

/** Messages between two attempts, in the service's own table: a pause holds up neither the queue nor the broker. */
@Singleton
class ParkedRepository {
    // the same message, delivered again because its acknowledgement was lost, is parked once
    private static final String PARK =
            """
            INSERT INTO parked_message (id, queue, exchange, routing_key, message_id, redriven, body, attempts, reason, next_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp() + $10 * INTERVAL '1 millisecond')
            ON CONFLICT (id) DO NOTHING""";

    /** The reason of a message whose last attempt has not come to an end: it may have ended the process. */
    static final String NO_END = "an attempt at it did not come to an end";

    // The attempt is counted, and taken for one without an end, before it is made: what kills the process does not do
    // so for ever, and those that were attempted beside it are told apart from it by an attempt each alone. After one
    // such attempt it is no more suspect than all the others that a broker or a process left behind when it ended.
    // an array, since a plan may look at a mere subquery once for each row, and so lock more than its limit
    private static final String CLAIM =
            """
            UPDATE parked_message SET attempts = attempts + 1, reason = $4,
                                      next_at = clock_timestamp() + $3 * INTERVAL '1 millisecond'
            WHERE id = ANY (ARRAY(
                SELECT id FROM parked_message
                WHERE next_at <= now() AND queue = ANY ($1) AND (reason = $4 AND attempts > 1) = $5
                ORDER BY next_at LIMIT $2 FOR UPDATE SKIP LOCKED))
            RETURNING id, queue, exchange, routing_key, message_id, redriven, body, attempts""";

    private static final String DELETE = "DELETE FROM parked_message WHERE id = $1";

    private static final String AGAIN =
            """
            UPDATE parked_message SET attempts = $2, reason = $3, next_at = clock_timestamp() + $4 * INTERVAL '1 millisecond'
            WHERE id = $1""";

    private static final String NOT_COUNTED =
            """
            UPDATE parked_message SET attempts = $2, reason = $4, next_at = clock_timestamp() + $3 * INTERVAL '1 millisecond'
            WHERE id = $1""";

    private static final String BODIES = "SELECT id, body FROM parked_message WHERE id > $1 ORDER BY id LIMIT $2";

    private static final String REPLACE = "UPDATE parked_message SET body = $2 WHERE id = $1";

    private static final String DELETE_IN_TRANSACTION = "DELETE FROM parked_message WHERE id = ?1";

    private static final String COUNT = "SELECT count(*) AS depth FROM parked_message";

    private final Sql sql;

    ParkedRepository(Sql sql) {
        this.sql = sql;
    }

    Uni<Void> park(QueueMessage message, int attempts, String reason, long pauseMillis) {
        return sql.query(
                        PARK,
                        Tuple.tuple()
                                .addUUID(id(message))
                                .addString(message.queue())
                                .addString(message.exchange())
                                .addString(message.routingKey())
                                .addString(message.messageId())
                                .addBoolean(message.redriven())
                                .addBuffer(Buffer.newInstance(message.body()))
                                .addInteger(attempts)
                                .addString(DeadLetter.shortened(reason))
                                .addDouble((double) pauseMillis))
                .replaceWithVoid();
    }

    /** @param suspect whether those are wanted that may have ended the process, and not for the first time, or the others */
    Uni<List<ParkedMessage>> claim(Collection<String> queues, int most, long leaseMillis, boolean suspect) {
        return sql.query(CLAIM, Tuple.of(queues.toArray(String[]::new), most, (double) leaseMillis, NO_END, suspect))
                .map(rows -> {
                    List<ParkedMessage> claimed = new ArrayList<>();
                    rows.forEach(row -> claimed.add(parked(row)));
                    return claimed;
                });
    }

    private static ParkedMessage parked(Row row) {
        var message = new QueueMessage(
                row.getString("queue"),
                row.getString("exchange"),
                row.getString("routing_key"),
                row.getString("message_id"),
                row.getBuffer("body").getDelegate(),
                row.getBoolean("redriven"));
        return new ParkedMessage(row.getUUID("id"), message, row.getInteger("attempts"));
    }

    Uni<Void> delete(UUID id) {
        return sql.query(DELETE, Tuple.of(id)).replaceWithVoid();
    }

    /** In the caller's Hibernate transaction; false if another has it deleted already. */
    Uni<Boolean> deleteInTransaction(UUID id) {
        return Panache.getSession().chain(session -> session.createNativeQuery(DELETE_IN_TRANSACTION)
                .setParameter(1, id)
                .executeUpdate()
                .map(rows -> rows == 1));
    }

    Uni<Void> again(ParkedMessage parked, String reason, long pauseMillis) {
        return sql.query(AGAIN, Tuple.of(parked.id(), parked.attempts(), DeadLetter.shortened(reason), (double)
                        pauseMillis))
                .replaceWithVoid();
    }

    /** The attempt told nothing about the message. */
    Uni<Void> notCounted(ParkedMessage parked, String reason, long pauseMillis) {
        return sql.query(
                        NOT_COUNTED,
                        Tuple.of(
                                parked.id(), parked.attempts() - 1, (double) pauseMillis, DeadLetter.shortened(reason)))
                .replaceWithVoid();
    }

    /** The contents of some messages, after that one. */
    Uni<List<StoredBody<UUID>>> bodies(UUID after, int most) {
        return sql.list(
                BODIES,
                Tuple.of(after, most),
                row -> new StoredBody<>(row.getUUID("id"), row.getBuffer("body").getDelegate()));
    }

    /** Gives a message another content. */
    Uni<Void> replace(StoredBody<UUID> body) {
        return sql.query(REPLACE, Tuple.of(body.key()).addBuffer(Buffer.newInstance(body.content())))
                .replaceWithVoid();
    }

    Uni<Long> count() {
        return sql.query(COUNT).map(rows -> rows.iterator().next().getLong("depth"));
    }

    private static UUID id(QueueMessage message) {
        @Nullable String messageId = message.messageId();
        return messageId == null
                ? UUID.randomUUID()
                : UUID.nameUUIDFromBytes(
                        (message.queue() + ' ' + messageId + ' ' + message.text()).getBytes(StandardCharsets.UTF_8));
    }
}
