package org.vitrina.persistence.idempotency;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.vitrina.core.Deadline;
import org.vitrina.runtime.GrowingPause;
import org.vitrina.runtime.VertxTimer;

/** Waits for what another request, perhaps in another process, is doing: looks again and again, with growing pauses. */
@ApplicationScoped
public class InFlightRequests {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(15);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(120);
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
        return until(deadline, look, new GrowingPause(FIRST_PAUSE, LONGEST_PAUSE));
    }

    private <T> Uni<Optional<T>> until(Deadline deadline, Supplier<Uni<Optional<T>>> look, GrowingPause pause) {
        return look.get().chain(found -> {
            if (found.isPresent() || deadline.passed()) {
                return Uni.createFrom().item(found);
            }
            return VertxTimer.after(vertx, Math.min(pause.next(), deadline.remainingMillis() + 1))
                    .chain(() -> until(deadline, look, pause));
        });
    }
}
