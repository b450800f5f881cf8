package org.vitrina.core;

/**
 * What went wrong, as callers may rely on it.
 *
 * @param slug the stable end of the problem type {@code urn:vitrina:problem:<slug>}
 * @param status the HTTP status
 * @param retryable whether the same request may succeed later without a change
 * @param title the short, human text that goes with the slug, always the same
 */
public record ErrorCode(String slug, int status, boolean retryable, String title) {
    public static final ErrorCode BAD_REQUEST = new ErrorCode("bad-request", 400, false, "Bad request");
    public static final ErrorCode VALIDATION = new ErrorCode("validation", 400, false, "Invalid input");
    public static final ErrorCode UNAUTHORIZED = new ErrorCode("unauthorized", 401, false, "Not authenticated");
    public static final ErrorCode FORBIDDEN = new ErrorCode("forbidden", 403, false, "Not allowed");
    public static final ErrorCode NOT_FOUND = new ErrorCode("not-found", 404, false, "Not found");
    public static final ErrorCode PRECONDITION_FAILED =
            new ErrorCode("precondition-failed", 412, false, "Precondition failed");
    public static final ErrorCode BODY_TOO_LARGE = new ErrorCode("body-too-large", 413, false, "Body too large");
    public static final ErrorCode INTERNAL = new ErrorCode("internal", 500, false, "Internal error");
    public static final ErrorCode STARTING = new ErrorCode("starting", 503, true, "Starting");
    public static final ErrorCode OVERLOADED = new ErrorCode("overloaded", 503, true, "Overloaded");
    public static final ErrorCode UNAVAILABLE = new ErrorCode("unavailable", 503, true, "Unavailable");
    public static final ErrorCode TIMEOUT = new ErrorCode("timeout", 504, true, "Timed out");

    /** The problem type of RFC 9457. */
    public String type() {
        return "urn:vitrina:problem:" + slug;
    }
}
