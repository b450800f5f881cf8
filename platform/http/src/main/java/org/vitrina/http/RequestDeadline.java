package org.vitrina.http;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Deadline;
import org.vitrina.core.ProblemException;
import org.vitrina.runtime.WorkDeadline;

/**
 * The time limit of the request being served: {@value Deadline#HEADER} as the caller sent it, capped by {@code
 * vitrina.web.max-deadline}, else {@code vitrina.web.default-deadline}.
 */
@ApplicationScoped
public class RequestDeadline {
    /**
     * The header, of value {@code true}, of an answer that is late or lacks something since the deadline that its caller
     * asked for has passed, not since something here is slow.
     */
    public static final String EXCEEDED = "X-Request-Deadline-Exceeded";

    /** Kept of the time left for writing the answer. */
    private static final long RESERVE_MILLIS = 10;

    private static final Duration NO_LIMIT = Duration.ofMillis(Long.MAX_VALUE);

    private final Vertx vertx;
    private final HttpConfig config;

    RequestDeadline(Vertx vertx, HttpConfig config) {
        this.vertx = vertx;
        this.config = config;
    }

    /** The deadline of the request being served; off a request, one that starts now. */
    public Deadline current() {
        RequestState state = RequestState.current();
        return state == null ? Deadline.in(config.defaultDeadline()) : state.deadline;
    }

    /** Whether it is sooner than usual since the caller asked for that; the time that a request has waited is not the caller's. */
    public boolean isShortened() {
        RequestState state = RequestState.current();
        return state != null && state.shortened;
    }

    /**
     * The same work, bound to the request's deadline: just before it passes, the work is cancelled and the result fails
     * with a {@link ProblemException} of code {@code timeout} (504). A caller that goes away cancels the work too. A
     * statement that is still at work in the database when the deadline has passed is cut short ({@link WorkDeadline}).
     *
     * <p>The timer runs on the event loop of the request.
     */
    public <T> Uni<T> bound(Uni<T> work) {
        return bound(NO_LIMIT, work);
    }

    /** As {@link #bound(Uni)}, but within {@code limit} from now at the latest. */
    public <T> Uni<T> bound(Duration limit, Uni<T> work) {
        return Uni.createFrom().deferred(() -> {
            RequestState state = RequestState.current();
            long callers = current().remainingMillis();
            long left = Math.min(callers, limit.toMillis());
            long wait = left - Math.min(RESERVE_MILLIS, left / 4);
            Supplier<ProblemException> late = () -> timedOut(left == callers ? state : null);
            if (wait < 1) {
                return Uni.createFrom().failure(late.get());
            }
            Deadline end = Deadline.in(Duration.ofMillis(wait));
            return new TimeLimit(vertx, end, late).run(WorkDeadline.during(Deadline.in(Duration.ofMillis(left)), work));
        });
    }

    /** @param state of the request whose own deadline this is, null for another limit */
    private static ProblemException timedOut(@Nullable RequestState state) {
        if (state != null && state.shortened) {
            state.cutShort();
        }
        return WorkDeadline.late();
    }
}
