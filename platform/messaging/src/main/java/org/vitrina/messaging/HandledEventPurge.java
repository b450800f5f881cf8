package org.vitrina.messaging;

import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.vitrina.runtime.RecurringTask;

/** Forgets events that were acted on so long ago that none of them can come again. */
@Singleton
class HandledEventPurge implements RecurringTask {
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final int AT_ONCE = 5_000;

    private static final String FORGET =
            """
            DELETE FROM handled_event WHERE (consumer, event_id) IN (
                SELECT consumer, event_id FROM handled_event
                WHERE handled_at < clock_timestamp() - $1 * INTERVAL '1 millisecond'
                LIMIT $2 FOR UPDATE SKIP LOCKED)""";

    private final Pool pool;
    private final boolean consumes;
    private final double rememberedMillis;

    HandledEventPurge(Pool pool, @All List<QueueHandler> handlers, QueuesConfig config) {
        this.pool = pool;
        this.consumes = !handlers.isEmpty();
        this.rememberedMillis = config.remember().toMillis();
    }

    @Override
    public String name() {
        return "forgetting old events";
    }

    @Override
    public Duration every() {
        return EVERY;
    }

    /** In a small portion, as nobody waits for it. */
    @Override
    public Uni<?> work() {
        return consumes
                ? query(FORGET, Tuple.of(rememberedMillis, AT_ONCE))
                : Uni.createFrom().voidItem();
    }

    /** One statement, on a connection that is borrowed for it. */
    private Uni<RowSet<Row>> query(String statement, Tuple parameters) {
        return pool.preparedQuery(statement).execute(parameters);
    }
}
