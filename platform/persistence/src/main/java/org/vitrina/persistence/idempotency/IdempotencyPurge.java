package org.vitrina.persistence.idempotency;

import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
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

    private final Vertx vertx;
    private final IdempotencyRepository repository;
    private final Duration keep;
    private final Duration interval;
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile boolean ended;

    IdempotencyPurge(Vertx vertx, IdempotencyRepository repository, IdempotencyConfig config) {
        this.vertx = vertx;
        this.repository = repository;
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
        return repository.purge(keep, A_ROUND);
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
