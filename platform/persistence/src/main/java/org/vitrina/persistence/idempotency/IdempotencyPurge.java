package org.vitrina.persistence.idempotency;

import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** Removes records that are old enough, a few at a time, so that no round holds many locks. Several replicas may do it at once. */
@ApplicationScoped
public class IdempotencyPurge {
    private static final Logger LOG = Logger.getLogger(IdempotencyPurge.class);
    private static final int A_ROUND = 1000;

    private static final String PURGE =
            """
            DELETE FROM idempotency_record WHERE (user_id, operation, key) IN (
                SELECT user_id, operation, key FROM idempotency_record
                WHERE created_at < now() - $1::bigint * interval '1 millisecond'
                  AND (status IS NOT NULL OR lease_until < now())
                ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)""";

    private final Vertx vertx;
    private final Pool pool;
    private final Duration keep;
    private final Duration interval;
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile boolean ended;

    IdempotencyPurge(Vertx vertx, Pool pool, IdempotencyConfig config) {
        this.vertx = vertx;
        this.pool = pool;
        this.keep = config.keep();
        this.interval = config.purgeInterval();
    }

    /** From now on old records are removed. Called when the table is in use, and by services that write it by themselves. */
    public void begin() {
        if (!begun.get() && begun.compareAndSet(false, true)) {
            next(interval);
        }
    }

    void end(@Observes ShutdownEvent ending) {
        ended = true;
    }

    /** One round: how many were removed. */
    Uni<Integer> purge() {
        return pool.preparedQuery(PURGE)
                .execute(Tuple.of(keep.toMillis(), A_ROUND))
                .map(rows -> rows.rowCount());
    }

    private void next(Duration pause) {
        vertx.setTimer(Math.max(1, pause.toMillis()), fired -> {
            if (ended) {
                return;
            }
            purge().subscribe().with(removed -> next(removed == A_ROUND ? Duration.ZERO : interval), failure -> {
                LOG.debugf(failure, "old idempotency records stay for now");
                next(interval);
            });
        });
    }
}
