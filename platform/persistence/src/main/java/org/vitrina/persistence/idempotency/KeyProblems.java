package org.vitrina.persistence.idempotency;

import java.time.Duration;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/** What callers are told whose key stands for something else, or is in use at the moment. */
public final class KeyProblems {
    /** 422: the key was used with another body. */
    public static final ErrorCode KEY_REUSED =
            new ErrorCode("idempotency-key-reused", 422, false, "The key stands for another request");
    /** 409: a request with the same key is being served. */
    public static final ErrorCode IN_PROGRESS =
            new ErrorCode("request-in-progress", 409, true, "The same request is being served");

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private KeyProblems() {}

    public static ProblemException keyReused() {
        return new ProblemException(
                KEY_REUSED, "This idempotency key was used for a request with another body; use a new key.");
    }

    public static ProblemException inProgress() {
        return new ProblemException(
                        IN_PROGRESS,
                        "A request with this idempotency key is being served; repeat it to learn its outcome.")
                .retryAfter(RETRY_AFTER);
    }
}
