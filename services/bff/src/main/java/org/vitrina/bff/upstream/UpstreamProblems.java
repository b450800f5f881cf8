package org.vitrina.bff.upstream;

import java.time.Duration;
import java.util.Map;
import org.vitrina.client.CallConfig;
import org.vitrina.client.CallFailure;
import org.vitrina.client.Reason;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.RequestDeadline;

/** Turns the failure of a dependency that an answer cannot do without into the problem that docs/contracts.md says. */
public final class UpstreamProblems {
    private static final ErrorCode LATE =
            new ErrorCode("dependency-timeout", 504, true, "A needed service was too slow");
    private static final ErrorCode FAILED = new ErrorCode("dependency-failed", 500, true, "A needed service failed");
    private static final ErrorCode OPEN =
            new ErrorCode("dependency-unavailable", 503, true, "A needed service is unavailable");
    private static final ErrorCode UNKNOWN = new ErrorCode("outcome-unknown", 504, true, "Outcome unknown");

    private UpstreamProblems() {}

    public static Reason reason(Throwable failure) {
        return switch (failure) {
            case CallFailure known -> known.reason();
            case Write.NotDone notDone when notDone.getCause() instanceof CallFailure why -> why.reason();
            default -> Reason.ERROR;
        };
    }

    /** A read that brought nothing: late 504, not asked 503 + {@code Retry-After}, else 500. */
    public static ProblemException read(String dependency, Throwable failure, CallConfig config) {
        Map<String, Object> extra =
                Map.of("part", dependency, "reason", reason(failure).text());
        return switch (reason(failure)) {
            case TIMEOUT ->
                new ProblemException(
                        LATE,
                        "The " + dependency + " service did not answer in time. Try again.",
                        extra,
                        cutShort(failure));
            case CIRCUIT_OPEN ->
                new ProblemException(
                                OPEN,
                                "The " + dependency + " service has failed repeatedly and is given a pause.",
                                extra,
                                Map.of())
                        .retryAfter(config.resetInterval());
            case OVERLOADED ->
                new ProblemException(OPEN, "Too many calls to the " + dependency + " service.", extra, Map.of())
                        .retryAfter(Duration.ofSeconds(1));
            default ->
                new ProblemException(FAILED, "The " + dependency + " service failed. Try again.", extra, Map.of());
        };
    }

    /** A write without an answer: nobody knows whether it was done, except where it never left. */
    public static ProblemException write(String dependency, Throwable failure, CallConfig config) {
        Reason reason = reason(failure);
        Map<String, Object> extra = Map.of("part", dependency, "reason", reason.text());
        if (!(failure instanceof Write.NotDone)) {
            return new ProblemException(
                    UNKNOWN,
                    "The " + dependency
                            + " service did not confirm. The change may or may not be done: repeat with the same key"
                            + " (this request may be repeated as it is).",
                    extra,
                    cutShort(failure));
        }
        if (reason == Reason.ERROR || reason == Reason.TOO_MANY_RETRIES) {
            return new ProblemException(
                            OPEN,
                            "The " + dependency + " service cannot be reached; nothing was changed. Try again.",
                            extra,
                            Map.of())
                    .retryAfter(Duration.ofSeconds(1));
        }
        return read(dependency, failure, config);
    }

    /** Only a caller's own deadline makes a time-out that does not count. */
    private static Map<String, String> cutShort(Throwable failure) {
        Throwable why = failure instanceof Write.NotDone ? failure.getCause() : failure;
        return why instanceof CallFailure.Uncounted && reason(why) == Reason.TIMEOUT
                ? Map.of(RequestDeadline.EXCEEDED, "true")
                : Map.of();
    }
}
