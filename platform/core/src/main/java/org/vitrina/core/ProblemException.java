package org.vitrina.core;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The one exception that becomes a problem answer (RFC 9457). Its message is shown to callers: nothing internal in it.
 */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient ErrorCode code;
    private final transient Map<String, Object> extra;
    private final transient Map<String, String> headers;

    public ProblemException(ErrorCode code, String detail) {
        this(code, detail, Map.of(), Map.of());
    }

    /**
     * @param extra further members of the problem's JSON object, in snake_case
     * @param headers further headers of the answer
     */
    public ProblemException(ErrorCode code, String detail, Map<String, Object> extra, Map<String, String> headers) {
        // No stack trace: thrown for control on hot paths, and 5xx with a cause are logged where they arise.
        super(detail, null, false, false);
        this.code = code;
        this.extra = Map.copyOf(extra);
        this.headers = Map.copyOf(headers);
    }

    /** The same problem with {@code Retry-After} in whole seconds, at least 1. */
    public ProblemException retryAfter(Duration pause) {
        long seconds = Math.max(1, pause.plusMillis(999).toSeconds());
        var more = new java.util.HashMap<>(headers);
        more.put("Retry-After", Long.toString(seconds));
        return new ProblemException(code, detail(), extra, more);
    }

    public ErrorCode code() {
        return code;
    }

    /** What happened, why, and what to do, for the caller. */
    public String detail() {
        return Optional.ofNullable(getMessage()).orElse(code.title());
    }

    public Map<String, Object> extra() {
        return extra;
    }

    public Map<String, String> headers() {
        return headers;
    }
}
