package org.vitrina.messaging;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.UUID;
import org.vitrina.persistence.Sql;

/** Remembers which events were acted on. The memory is written in the transaction of the act, so the two agree for ever. */
@ApplicationScoped
public class HandledEvents {
    // the same event in another transaction makes this wait for its outcome
    private static final String REMEMBER =
            """
            INSERT INTO handled_event (consumer, event_id) VALUES (?1, ?2)
            ON CONFLICT (consumer, event_id) DO NOTHING""";

    private static final String FORGET =
            """
            DELETE FROM handled_event WHERE (consumer, event_id) IN (
                SELECT consumer, event_id FROM handled_event
                WHERE handled_at < now() - $1 * INTERVAL '1 millisecond'
                LIMIT $2 FOR UPDATE SKIP LOCKED)""";

    private final Sql sql;

    HandledEvents(Sql sql) {
        this.sql = sql;
    }

    /**
     * True if {@code consumer} has not acted on the event, which it is held to have done once the caller's transaction
     * commits. Fails where there is no transaction.
     */
    public Uni<Boolean> firstTime(String consumer, UUID eventId) {
        return Panache.getSession().chain(session -> {
            Outbox.requireTransaction(session);
            return session.createNativeQuery(REMEMBER)
                    .setParameter(1, consumer)
                    .setParameter(2, eventId)
                    .executeUpdate()
                    .map(rows -> rows == 1);
        });
    }

    /** Forgets some of the events that were acted on longer ago; how many. */
    Uni<Integer> forget(Duration longAgo, int most) {
        return sql.update(FORGET, Tuple.of((double) longAgo.toMillis(), most));
    }
}
