package org.vitrina.http;

import java.util.UUID;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/**
 * An id as callers write it: a positive integer up to 2^31-1 in plain ASCII digits.
 *
 * <p>{@code @PathParam int id} does the same by itself (see {@link ParameterConversion}): this is for ids that come in
 * another way, such as a list in a query parameter.
 */
public final class PathId {
    private PathId() {}

    /**
     * @param name what the caller knows the value as, for the answer
     * @throws ProblemException 400 {@code bad-request} unless {@code text} is an id
     */
    public static int parse(String name, String text) {
        long id = digits(text);
        if (id < 1) {
            throw new ProblemException(
                    ErrorCode.BAD_REQUEST, name + " must be an integer from 1 to " + Integer.MAX_VALUE + ".");
        }
        return (int) id;
    }

    /**
     * A UUID in its one usual form, of which {@link UUID#fromString} takes more.
     *
     * @param name what the caller knows the value as, for the answer
     * @param of what it is the id of, such as {@code an order}
     * @throws ProblemException 400 {@code bad-request} unless {@code text} is one
     */
    public static UUID uuid(String name, String of, String text) {
        if (text.length() == 36) {
            try {
                UUID id = UUID.fromString(text);
                if (id.toString().equalsIgnoreCase(text)) {
                    return id;
                }
            } catch (IllegalArgumentException notOne) {
                // told below
            }
        }
        throw new ProblemException(ErrorCode.BAD_REQUEST, name + " must be the id of " + of + ", a UUID.");
    }

    /** The number that at most ten ASCII digits write, or -1 when it is none or above 2^31-1. */
    static long digits(String text) {
        int length = text.length();
        if (length == 0 || length > 10) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + (c - '0');
        }
        return number > Integer.MAX_VALUE ? -1 : number;
    }
}
