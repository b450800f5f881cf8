package org.vitrina.client;

import io.vertx.core.http.ConnectionPoolTooBusyException;
import org.jspecify.annotations.Nullable;

/** A call that brought nothing. Its class tells the guards what to do; its reason is what callers are told. */
public abstract sealed class CallFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    private CallFailure(Reason reason, String message, @Nullable Throwable cause) {
        // No stack trace: failures are an everyday outcome here and the trace costs more than the call.
        super(message, cause, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** A call that brought no answer: a broken connection may be tried again, one that found no place was not made. */
    static CallFailure ofTransport(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectionPoolTooBusyException) {
                return tooMany();
            }
        }
        return new Retryable(String.valueOf(failure.getMessage()), failure);
    }

    /** A call that was not made, since too many are under way or wait. */
    static CallFailure tooMany() {
        return new Uncounted(Reason.OVERLOADED, "too many calls under way");
    }

    /** Counts against the breaker and may be tried again. */
    public static final class Retryable extends CallFailure {
        private static final long serialVersionUID = 1;

        public Retryable(String message, @Nullable Throwable cause) {
            super(Reason.ERROR, message, cause);
        }
    }

    /** Counts against the breaker; another try is pointless or not allowed. */
    public static final class Final extends CallFailure {
        private static final long serialVersionUID = 1;

        /** @param cause a {@link Retryable} is left out of the causes: {@code @Retry} looks at causes, and would try again */
        public Final(Reason reason, String message, @Nullable Throwable cause) {
            super(reason, message, withoutRetryable(cause));
        }

        private static @Nullable Throwable withoutRetryable(@Nullable Throwable cause) {
            Throwable rest = cause;
            while (rest instanceof Retryable) {
                rest = rest.getCause();
            }
            return rest;
        }
    }

    /**
     * Says nothing about the dependency's health: the caller left, its deadline was too short, we were too busy to ask, or
     * the dependency refused what we sent (4xx).
     */
    public static final class Uncounted extends CallFailure {
        private static final long serialVersionUID = 1;

        private final boolean refused;

        public Uncounted(Reason reason, String message) {
            this(reason, message, false);
        }

        private Uncounted(Reason reason, String message, boolean refused) {
            super(reason, message, null);
            this.refused = refused;
        }

        /** The dependency answered, and refused what we sent (4xx). */
        public static Uncounted refused(String message) {
            return new Uncounted(Reason.ERROR, message, true);
        }

        boolean isRefused() {
            return refused;
        }
    }
}
