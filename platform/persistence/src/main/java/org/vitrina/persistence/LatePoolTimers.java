package org.vitrina.persistence;

import io.quarkus.logging.LoggingFilter;
import java.util.Arrays;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one error of Vert.x's out of the log. The pool sets a timer for each statement that waits for a connection and, when
 * the connection is refused, fails the statement without stopping that timer (SqlConnectionPool.execute, 4.5.23); the timer
 * then fails it a second time, which does nothing but log a stack trace for every statement of a database that is away.
 * What is wrong is told by the failure of the statement itself.
 */
@LoggingFilter(name = LatePoolTimers.NAME)
public final class LatePoolTimers implements Filter {
    static final String NAME = "late-pool-timers";

    private static final String POOL = "io.vertx.sqlclient.impl.pool.SqlConnectionPool";
    private static final String TIMER = "io.vertx.core.impl.VertxImpl$InternalTimerHandler";

    @Override
    public boolean isLoggable(LogRecord entry) {
        return !isOfALateTimer(entry.getThrown());
    }

    private static boolean isOfALateTimer(@Nullable Throwable thrown) {
        return thrown instanceof IllegalStateException
                && "Result is already complete".equals(thrown.getMessage())
                && passes(thrown, POOL)
                && passes(thrown, TIMER);
    }

    private static boolean passes(Throwable thrown, String className) {
        return Arrays.stream(thrown.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(className));
    }
}
