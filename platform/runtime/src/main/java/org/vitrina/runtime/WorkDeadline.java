package org.vitrina.runtime;

import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Deadline;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/**
 * The deadline of the work that the current Vert.x context is on. What can be cut short looks here when it begins: a
 * statement of the database, a wait for a connection. Work of no request has none.
 */
public final class WorkDeadline {
    private static final String KEY = WorkDeadline.class.getName();

    private WorkDeadline() {}

    /** Null where nothing is to be cut short. */
    public static @Nullable Deadline current() {
        Context here = home();
        return here == null ? null : here.getLocal(KEY);
    }

    /**
     * The same work, which is cut short at the deadline. What of it still goes on when its subscriber has left has that
     * deadline too.
     */
    public static <T> Uni<T> during(Deadline deadline, Uni<T> work) {
        Context here = home();
        if (here == null) {
            return work;
        }
        Deadline before = here.getLocal(KEY);
        here.putLocal(KEY, deadline);
        return work.onItemOrFailure().invoke((item, failure) -> {
            // unless it was lifted
            if (here.getLocal(KEY) == deadline) {
                put(here, before);
            }
        });
    }

    /** From here on nothing on this context is cut short: what was begun must come to its end. */
    public static void lift() {
        Context here = home();
        if (here != null) {
            here.removeLocal(KEY);
        }
    }

    /** The same work after {@link #lift}. */
    public static <T> Uni<T> lifted(Uni<T> work) {
        return Uni.createFrom().deferred(() -> {
            lift();
            return work;
        });
    }

    /** What work fails with that was cut short, or not begun since its deadline had passed (504). */
    public static ProblemException late() {
        return new ProblemException(ErrorCode.TIMEOUT, "The answer was not ready before the request's deadline.");
    }

    private static void put(Context here, @Nullable Deadline deadline) {
        if (deadline == null) {
            here.removeLocal(KEY);
        } else {
            here.putLocal(KEY, deadline);
        }
    }

    /** A context that is one request's, or one piece of work's, alone. */
    private static @Nullable Context home() {
        Context context = Vertx.currentContext();
        return context != null && VertxContext.isDuplicatedContext(context) ? context : null;
    }
}
