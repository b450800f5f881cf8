package org.vitrina.http;

import java.util.Map;
import org.vitrina.core.ErrorCode;

/** The error code of a plain HTTP status, for errors that the framework raises and not a service. */
final class Statuses {
    private static final Map<Integer, ErrorCode> CODES = Map.ofEntries(
            Map.entry(400, ErrorCode.BAD_REQUEST),
            Map.entry(401, ErrorCode.UNAUTHORIZED),
            Map.entry(403, ErrorCode.FORBIDDEN),
            Map.entry(404, ErrorCode.NOT_FOUND),
            Map.entry(405, new ErrorCode("method-not-allowed", 405, false, "Method not allowed")),
            Map.entry(406, new ErrorCode("not-acceptable", 406, false, "Not acceptable")),
            Map.entry(408, new ErrorCode("request-timeout", 408, true, "Request timed out")),
            Map.entry(409, new ErrorCode("conflict", 409, false, "Conflict")),
            Map.entry(412, ErrorCode.PRECONDITION_FAILED),
            Map.entry(413, ErrorCode.BODY_TOO_LARGE),
            Map.entry(414, new ErrorCode("request-line-too-long", 414, false, "Request line too long")),
            Map.entry(415, new ErrorCode("unsupported-media-type", 415, false, "Unsupported media type")),
            Map.entry(428, new ErrorCode("precondition-required", 428, false, "Precondition required")),
            Map.entry(429, new ErrorCode("too-many-requests", 429, true, "Too many requests")),
            Map.entry(431, new ErrorCode("headers-too-large", 431, false, "Headers too large")),
            Map.entry(500, ErrorCode.INTERNAL),
            Map.entry(501, new ErrorCode("not-implemented", 501, false, "Not implemented")),
            Map.entry(503, ErrorCode.UNAVAILABLE),
            Map.entry(504, ErrorCode.TIMEOUT),
            Map.entry(505, new ErrorCode("http-version-not-supported", 505, false, "HTTP version not supported")));

    private static final Map<Integer, String> DETAILS = Map.of(
            400,
            "The request is malformed.",
            404,
            "There is nothing at this path.",
            405,
            "This path does not know the method; Allow lists those it knows.",
            408,
            "The body did not arrive by the request's deadline, and nothing was done; send it again, faster or with more time.",
            406,
            "None of the media types in the Accept header can be sent here.",
            415,
            "A body of this media type cannot be read here.",
            500,
            "Something went wrong on our side; the trace id finds it in our log.");

    private Statuses() {}

    static ErrorCode code(int status) {
        ErrorCode code = CODES.get(status);
        if (code != null) {
            return code;
        }
        return status >= 500 ? ErrorCode.INTERNAL : new ErrorCode("http-" + status, status, false, "Refused");
    }

    static String detail(ErrorCode code) {
        return DETAILS.getOrDefault(code.status(), code.title() + ".");
    }
}
