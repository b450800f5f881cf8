package org.vitrina.bff.upstream;

import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/** Which user a request is about. */
@ApplicationScoped
public class Asker {
    private final int defaultUser;

    Asker(BffConfig config) {
        this.defaultUser = config.defaultUser();
    }

    /** @param userId the value of {@code ?user_id=}; counts while authentication is off */
    public int user(@Nullable String userId) {
        return userId == null ? defaultUser : number("user_id", userId, Integer.MAX_VALUE);
    }

    /** A positive whole number up to {@code most}, or the 400 that names the field. */
    public static int number(String field, String text, int most) {
        int length = text.length();
        long number = 0;
        boolean digits = length > 0 && length <= 10;
        for (int i = 0; digits && i < length; i++) {
            char c = text.charAt(i);
            digits = c >= '0' && c <= '9';
            number = number * 10 + (c - '0');
        }
        if (!digits || number < 1 || number > most) {
            throw new ProblemException(
                    ErrorCode.BAD_REQUEST, field + " must be a whole number from 1 to " + most + ".");
        }
        return (int) number;
    }
}
