package org.vitrina.persistence;

import io.smallrye.mutiny.CompositeException;
import io.vertx.core.VertxException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.FailureTranslation;
import org.vitrina.core.ProblemException;

/**
 * Tells failures of the database itself from those of what was asked of it.
 *
 * <p>The former become {@code unavailable} (503 + {@code Retry-After}), with a sentence that names no host, statement or
 * class; constraint violations and the like are left to the service, which knows what they mean.
 */
@Singleton
class DatabaseFailures implements FailureTranslation {
    private static final Logger LOG = Logger.getLogger(DatabaseFailures.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /**
     * PostgreSQL, appendix A: read-only transaction; one that was idle too long; serialization failure and deadlock; lock
     * not to be had; cancelled (statement_timeout); shutdown and start; the disk fails.
     */
    private static final Set<String> UNAVAILABLE_STATES =
            Set.of("25006", "25P03", "40001", "40P01", "55P03", "57014", "57P01", "57P02", "57P03", "57P05", "58030");

    /** Of these the connection is gone, and nothing of the statement stays. */
    private static final Set<String> CONNECTION_STATES = Set.of("57P01", "57P02", "57P03", "57P05");

    /** Told where a change may have been made: any other 503 says that nothing was done. */
    private static final Map<String, Object> OUTCOME_UNKNOWN = Map.of("outcome", "unknown");

    /** What the client says where it finds a connection closed before it has written anything to it. */
    private static final String NOT_SENT = "Connection is not active now";

    /** Connection exceptions (08), insufficient resources (53: disk full, too many connections) and the above. */
    private static boolean isUnavailable(String state) {
        return state.startsWith("08") || state.startsWith("53") || UNAVAILABLE_STATES.contains(state);
    }

    @Override
    public Throwable translate(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = next(cause)) {
            if (cause instanceof ProblemException told) {
                return told; // such as a deadline that passed, which Hibernate takes for a failure of its own
            }
        }
        String sentence = sentence(failure);
        if (sentence == null) {
            return failure;
        }
        LOG.debugf(failure, "database unavailable");
        return new ProblemException(
                        ErrorCode.UNAVAILABLE, sentence, isLostAnswer(failure) ? OUTCOME_UNKNOWN : Map.of(), Map.of())
                .retryAfter(RETRY_AFTER);
    }

    /** True when the connection broke before an answer came: a read may be tried once more on another. */
    static boolean isBrokenConnection(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = next(cause)) {
            String state = sqlState(cause);
            if (state != null) {
                return CONNECTION_STATES.contains(state);
            }
            if (isClosed(cause)) {
                return true;
            }
        }
        return false;
    }

    /** True when the connection broke while an answer was awaited: the statement may have been carried out, or not. */
    static boolean isLostAnswer(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = next(cause)) {
            if (sqlState(cause) != null) {
                return false;
            }
            if (isClosed(cause)) {
                return !isNamelessVertx(cause, NOT_SENT);
            }
        }
        return false;
    }

    private static @Nullable String sentence(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = next(cause)) {
            String state = sqlState(cause);
            if (state != null) {
                return isUnavailable(state) ? "The database cannot do this at the moment; try again." : null;
            }
            if (cause instanceof ConnectionPoolTooBusyException) {
                return "Too many requests wait for the database; try again.";
            }
            if (isPoolTimeout(cause)) {
                return "No connection to the database was free in time; try again.";
            }
            if (isClosed(cause) || cause instanceof ConnectException || cause instanceof UnknownHostException) {
                return "The database is not reachable at the moment; try again.";
            }
        }
        return null;
    }

    /** Hibernate makes an {@link SQLException} of the driver's own exception, without keeping that as the cause. */
    private static @Nullable String sqlState(Throwable cause) {
        return switch (cause) {
            case PgException refused -> refused.getSqlState();
            case SQLException refused -> refused.getSQLState();
            default -> null;
        };
    }

    private static boolean isClosed(Throwable cause) {
        return cause instanceof ClosedConnectionException
                || (cause instanceof SocketException && !(cause instanceof ConnectException))
                || cause instanceof ClosedChannelException
                || isFailedWrite(cause)
                || isNamelessVertx(cause, NOT_SENT)
                || (cause instanceof VertxException && hasMessage(cause, "Connection was closed"));
    }

    /**
     * The JDK has no class for a write that met a reset: it is an IOException with the system's words, in the system's
     * language ("Connection reset by peer", "Broken pipe"), so that only the place tells.
     */
    private static boolean isFailedWrite(Throwable cause) {
        StackTraceElement[] places = cause.getStackTrace();
        return cause instanceof IOException
                && places.length > 0
                && places[0].getClassName().startsWith("sun.nio.ch.");
    }

    private static boolean isPoolTimeout(Throwable cause) {
        return cause instanceof TimeoutException
                || isNamelessVertx(cause, "Timeout")
                || (cause instanceof VertxException && hasMessage(cause, "Timeout waiting for connection"));
    }

    /** The pool and the PostgreSQL client of Vert.x have no classes of their own for these; only the text tells. */
    private static boolean isNamelessVertx(Throwable cause, String beginning) {
        return cause instanceof NoStackTraceThrowable && hasMessage(cause, beginning);
    }

    private static boolean hasMessage(Throwable cause, String beginning) {
        return cause.getMessage() != null && cause.getMessage().startsWith(beginning);
    }

    /** Mutiny joins a failure and that of the rollback after it: the first says why. */
    private static @Nullable Throwable next(Throwable failure) {
        if (failure instanceof CompositeException several) {
            return several.getCauses().getFirst();
        }
        Throwable cause = failure.getCause();
        return cause == failure ? null : cause;
    }
}
