package org.vitrina.http;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/**
 * The caller's name for one intended change, by which its repetitions are known as such.
 *
 * <p>It is, in this precedence, the header {@value #HEADER}, the query parameter {@value #PARAMETER}, or the header
 * {@code X-Request-Id} as the caller sent it: an id that we made ourselves is never a key, since a repetition would get
 * another one.
 *
 * @param value 1 to 255 visible ASCII characters
 */
public record IdempotencyKey(String value) {
    public static final String HEADER = "Idempotency-Key";
    public static final String PARAMETER = "request_id";

    /** The header, of value {@code true}, of an answer that was given before for the same key. */
    public static final String REPLAYED = "Idempotent-Replayed";

    /** 400: no key at all, or one of the wrong form. */
    public static final ErrorCode INVALID = new ErrorCode("idempotency-key", 400, false, "No idempotency key");

    /** @throws ProblemException 400 unless {@code value} has the form of a key */
    public IdempotencyKey {
        if (!RequestIdMaker.isVisibleAscii(value)) {
            throw new ProblemException(INVALID, "An idempotency key has 1 to 255 visible ASCII characters.");
        }
    }

    /**
     * The key of a request. One that is there and has the wrong form is refused; the next in line does not stand in for it.
     *
     * @param header the lines of {@value #HEADER}
     * @param parameter the values of {@value #PARAMETER}
     * @param ids tells {@code X-Request-Id}
     * @throws ProblemException 400 when there is none, or more than one
     */
    public static IdempotencyKey of(List<String> header, List<String> parameter, RequestIds ids) {
        return of(header, parameter, ids.callersRequestId());
    }

    static IdempotencyKey of(List<String> header, List<String> parameter, @Nullable String requestId) {
        if (!header.isEmpty()) {
            return single(HEADER, header);
        }
        if (!parameter.isEmpty()) {
            return single(PARAMETER, parameter);
        }
        if (requestId != null) {
            return new IdempotencyKey(requestId);
        }
        throw new ProblemException(
                INVALID,
                "This change needs a key of yours, so that repeating it is safe: send " + HEADER + ", ?" + PARAMETER
                        + "= or " + RequestIds.REQUEST_ID + ".");
    }

    private static IdempotencyKey single(String where, List<String> values) {
        if (values.size() > 1) {
            throw new ProblemException(INVALID, where + " is there more than once.");
        }
        return new IdempotencyKey(values.getFirst());
    }

    @Override
    public String toString() {
        return value;
    }
}
