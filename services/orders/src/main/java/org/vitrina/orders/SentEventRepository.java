package org.vitrina.orders;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.vitrina.persistence.Sql;

/** Events that were sent and are not known to have been taken: a row from the outbox's trigger until that is known. */
@ApplicationScoped
class SentEventRepository {
    // several instances ask about different ones, and about one that is not taken again after the pause
    private static final String CLAIM =
            """
            UPDATE sent_event SET ask_at = clock_timestamp()
            WHERE event_id IN (
                SELECT event_id FROM sent_event WHERE ask_at <= now() - $1 * INTERVAL '1 millisecond'
                ORDER BY ask_at LIMIT $2 FOR UPDATE SKIP LOCKED)
            RETURNING event_id""";

    private static final String TAKEN = "DELETE FROM sent_event WHERE event_id = ANY ($1)";

    private static final String DENIED =
            "UPDATE sent_event SET denied_at = clock_timestamp() WHERE event_id = ANY ($1)";

    private static final String FORGET =
            """
            DELETE FROM sent_event WHERE event_id IN (
                SELECT event_id FROM sent_event WHERE sent_at < now() - $1 * INTERVAL '1 millisecond'
                ORDER BY sent_at LIMIT $2 FOR UPDATE SKIP LOCKED)""";

    private final Sql sql;

    SentEventRepository(Sql sql) {
        this.sql = sql;
    }

    /** Some that were sent, or asked about, longer ago than the pause. */
    Uni<List<UUID>> claim(Duration pause, int most) {
        return sql.query(CLAIM, Tuple.of((double) pause.toMillis(), most)).map(rows -> {
            List<UUID> claimed = new ArrayList<>(rows.size());
            rows.forEach(row -> claimed.add(row.getUUID("event_id")));
            return claimed;
        });
    }

    /** What became of those that were asked about: some were taken, the others are denied. */
    Uni<Void> answered(Collection<UUID> asked, Collection<UUID> taken) {
        return sql.query(TAKEN, ids(taken))
                .chain(() -> sql.query(DENIED, ids(asked)))
                .replaceWithVoid();
    }

    /** Gives up some that were sent longer ago than that; the number of them. */
    Uni<Integer> forget(Duration age, int most) {
        return sql.update(FORGET, Tuple.of((double) age.toMillis(), most));
    }

    private static Tuple ids(Collection<UUID> events) {
        return Tuple.tuple().addArrayOfUUID(events.toArray(UUID[]::new));
    }
}
