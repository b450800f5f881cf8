package org.vitrina.messaging;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.vitrina.runtime.RecurringTask;

/** Tells how much waits in outbox and queues, and for how long. */
@Singleton
class BacklogMetrics implements RecurringTask {
    private static final Duration EVERY = Duration.ofSeconds(5);

    private static final String OUTBOX =
            """
            SELECT count(*) AS depth, coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 AS age
            FROM outbox""";

    private static final String PARKED = "SELECT count(*) AS depth FROM parked_message";

    private final Pool pool;
    private final boolean consumes;
    private final AtomicLong depth = new AtomicLong();
    private final AtomicLong ageMillis = new AtomicLong();
    private final AtomicLong parked = new AtomicLong();

    BacklogMetrics(Pool pool, @All List<QueueHandler> handlers, MeterRegistry registry) {
        this.pool = pool;
        this.consumes = !handlers.isEmpty();
        Gauge.builder("vitrina.outbox.depth", depth, AtomicLong::doubleValue)
                .description("Events in the outbox, those of all replicas")
                .register(registry);
        Gauge.builder("vitrina.outbox.age", ageMillis, age -> age.doubleValue() / 1000)
                .description("Age of the oldest event in the outbox")
                .baseUnit("seconds")
                .register(registry);
        if (consumes) {
            Gauge.builder("vitrina.queue.parked", parked, AtomicLong::doubleValue)
                    .description("Messages that wait for their next attempt")
                    .register(registry);
        }
    }

    @Override
    public String name() {
        return "the count of what waits for the broker";
    }

    @Override
    public Duration every() {
        return EVERY;
    }

    @Override
    public Uni<?> work() {
        Uni<?> outbox = query(OUTBOX, Tuple.tuple()).invoke(rows -> {
            Row row = rows.iterator().next();
            depth.set(row.getLong("depth"));
            ageMillis.set((long) (row.getDouble("age") * 1000));
        });
        return consumes
                ? outbox.chain(() -> query(PARKED, Tuple.tuple()))
                        .invoke(rows -> parked.set(rows.iterator().next().getLong("depth")))
                : outbox;
    }

    /** One statement, on a connection that is borrowed for it. */
    private Uni<RowSet<Row>> query(String statement, Tuple parameters) {
        return pool.preparedQuery(statement).execute(parameters);
    }
}
