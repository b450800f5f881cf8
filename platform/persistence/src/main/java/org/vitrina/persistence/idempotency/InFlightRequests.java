package org.vitrina.persistence.idempotency;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.vitrina.core.Deadline;

/** Waits for what another request, perhaps in another process, is doing: looks again and again, with growing pauses. */
@ApplicationScoped
public class InFlightRequests {
    private static final long FIRST_PAUSE = 15;
    private static final long LONGEST_PAUSE = 120;
    /** Kept of the time left for the answer itself. */
    private static final Duration RESERVE = Duration.ofMillis(40);

    private final Vertx vertx;

    InFlightRequests(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * Looks until there is something, or fails shortly before the deadline with {@link KeyProblems#inProgress}.
     *
     * @param look a transaction of its own each time: none is open during the pauses
     */
    public <T> Uni<T> await(Deadline deadline, Supplier<Uni<Optional<T>>> look) {
        return until(Deadline.in(deadline.remaining().minus(RESERVE)), look)
                .map(found -> found.orElseThrow(KeyProblems::inProgress));
    }

    /** Looks until there is something, or nothing at the deadline; at least once. See {@link #await}. */
    public <T> Uni<Optional<T>> until(Deadline deadline, Supplier<Uni<Optional<T>>> look) {
        return until(deadline, look, FIRST_PAUSE);
    }

    private <T> Uni<Optional<T>> until(Deadline deadline, Supplier<Uni<Optional<T>>> look, long pause) {
        return look.get().chain(found -> {
            if (found.isPresent() || deadline.passed()) {
                return Uni.createFrom().item(found);
            }
            return pause(Math.min(pause, deadline.remainingMillis() + 1))
                    .chain(() -> until(deadline, look, Math.min(LONGEST_PAUSE, pause * 2)));
        });
    }

    private Uni<Void> pause(long millis) {
        return Uni.createFrom().emitter(emitter -> {
            long timer = vertx.setTimer(Math.max(1, millis), fired -> emitter.complete(null));
            emitter.onTermination(() -> vertx.cancelTimer(timer));
        });
    }
}
