package org.vitrina.notifications;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.vitrina.persistence.Sql;

/** Takes number and text out of notifications; that there was an event, and what became of it, stays. */
@ApplicationScoped
class ErasureRepository {
    // the clock after it: while it worked no event was taken in
    private static final String BEGIN =
            "SELECT on_its_way, clock_timestamp() AS erased_at FROM erase_user($1) AS on_its_way";

    private static final String SOME =
            """
            SELECT position, event_id, provider_id IS NOT NULL AS accepted, tries > 0 AS tried FROM notification
            WHERE user_id = $1 AND position > $2 AND (phone <> '' OR text <> '' OR event <> '')
              AND state NOT IN ('received', 'sending')
              AND received_at <= (SELECT erased_at FROM erased_user WHERE user_id = $1)
            ORDER BY position LIMIT $3""";

    // an empty number is one that was erased; none is one that never was
    private static final String BLANK =
            """
            UPDATE notification SET phone = left(phone, 0), text = '', event = ''
            WHERE position = ANY ($1) AND state NOT IN ('received', 'sending')""";

    private final Sql sql;

    ErasureRepository(Sql sql) {
        this.sql = sql;
    }

    /**
     * What came of the beginning: nothing more is sent of what has happened so far.
     *
     * @param onTheirWay messages of which the provider has not said anything yet: with any, nothing was done
     * @param at when, by the database's clock
     */
    record Begun(long onTheirWay, Instant at) {}

    /**
     * One of the user's notifications.
     *
     * @param accepted whether the provider has said that it has it
     * @param tried whether the provider may have seen it
     */
    record Told(long position, UUID eventId, boolean accepted, boolean tried) {}

    Uni<Begun> begin(int userId) {
        return sql.query(BEGIN, Tuple.of(userId)).map(rows -> {
            Row row = rows.iterator().next();
            return new Begun(
                    row.getLong("on_its_way"),
                    row.getOffsetDateTime("erased_at").toInstant());
        });
    }

    /** Some, after that position, of what still has something to erase. */
    Uni<List<Told>> some(int userId, long after, int most) {
        return sql.list(
                SOME,
                Tuple.of(userId, after, most),
                row -> new Told(
                        row.getLong("position"),
                        row.getUUID("event_id"),
                        row.getBoolean("accepted"),
                        row.getBoolean("tried")));
    }

    Uni<Integer> blank(List<Told> told) {
        Long[] positions = told.stream().map(Told::position).toArray(Long[]::new);
        return sql.update(BLANK, Tuple.tuple().addArrayOfLong(positions));
    }
}
