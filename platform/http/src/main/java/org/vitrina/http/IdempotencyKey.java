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
 * <p>It is a bare string, or a quoted one (draft-ietf-httpapi-idempotency-key-header, a string of RFC 9651): {@code q-1} and
 * {@code "q-1"} are one key.
 *
 * @param value 1 to 255 visible ASCII characters, without the quotes
 * @param sentQuoted whether the caller sent it quoted
 */
public record IdempotencyKey(String value, boolean sentQuoted) {
    public static final String HEADER = "Idempotency-Key";
    public static final String PARAMETER = "request_id";

    /** The header, of value {@code true}, of an answer that was given before for the same key. */
    public static final String REPLAYED = "Idempotent-Replayed";

    /** 400: no key at all, or one of the wrong form. */
    public static final ErrorCode INVALID = new ErrorCode("idempotency-key", 400, false, "No idempotency key");

    private static final String NONE = "This change needs a key of yours, so that repeating it is safe: send " + HEADER
            + ", ?" + PARAMETER + "= or " + RequestIds.REQUEST_ID + ".";
    private static final String NONE_BEHIND_A_PROXY =
            "This change needs a key of yours, so that repeating it is safe: send " + HEADER + " or ?" + PARAMETER
                    + "=.";

    private static final char QUOTE = '"';
    private static final char ESCAPE = '\\';

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
        return of(header, parameter, ids.requestIdAsKey(), ids.takesRequestIdAsKey());
    }

    static IdempotencyKey of(
            List<String> header, List<String> parameter, @Nullable String requestId, boolean takesRequestId) {
        if (!header.isEmpty()) {
            return single(HEADER, header);
        }
        if (!parameter.isEmpty()) {
            return single(PARAMETER, parameter);
        }
        if (requestId != null) {
            return parse(requestId);
        }
        throw new ProblemException(INVALID, takesRequestId ? NONE : NONE_BEHIND_A_PROXY);
    }

    private static IdempotencyKey single(String where, List<String> values) {
        if (values.size() > 1) {
            throw new ProblemException(INVALID, where + " is there more than once.");
        }
        return parse(values.getFirst());
    }

    /**
     * The key that was sent as {@code text}.
     *
     * @throws ProblemException 400 unless it has the form of a key
     */
    public static IdempotencyKey parse(String text) {
        String quoted = unquoted(text);
        return quoted == null ? new IdempotencyKey(text, false) : new IdempotencyKey(quoted, true);
    }

    /** What stands in the quotes; null where it is no quoted string as a whole, and so a bare one. */
    private static @Nullable String unquoted(String text) {
        int end = text.length() - 1;
        if (end < 1 || text.charAt(0) != QUOTE || text.charAt(end) != QUOTE) {
            return null;
        }
        StringBuilder value = new StringBuilder(end);
        for (int i = 1; i < end; i++) {
            char next = text.charAt(i);
            if (next == QUOTE) {
                return null;
            }
            if (next == ESCAPE) {
                i++;
                next = text.charAt(i);
                if (i == end || (next != QUOTE && next != ESCAPE)) {
                    return null;
                }
            }
            value.append(next);
        }
        return value.toString();
    }

    /** The quoted spelling. Releases that took the quotes for a part of the key kept records under it. */
    public String quoted() {
        StringBuilder text = new StringBuilder(value.length() + 2).append(QUOTE);
        for (int i = 0; i < value.length(); i++) {
            char next = value.charAt(i);
            if (next == QUOTE || next == ESCAPE) {
                text.append(ESCAPE);
            }
            text.append(next);
        }
        return text.append(QUOTE).toString();
    }

    /** As the caller spelled it: what is sent on, since the other side may be of an earlier release. */
    public String asSent() {
        return sentQuoted ? quoted() : value;
    }

    @Override
    public String toString() {
        return value;
    }
}
