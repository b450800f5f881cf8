package org.vitrina.http;

import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Makes request ids: UUIDs of version 4 from a fast generator. They tell requests apart and are no secret, and a secure
 * one would cost a microsecond or a lock on every request.
 */
final class RequestIdMaker {
    private static final int LONGEST = 255;

    /** Tells apart processes whose fast generators happen to begin alike. */
    private final long salt = new SecureRandom().nextLong();

    /** What the caller asks for where it may be echoed, else a new one. */
    String echoOrNext(@Nullable String asked) {
        return asked != null && isVisibleAscii(asked) ? asked : next();
    }

    String next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = ((random.nextLong() ^ salt) & 0xffffffffffff0fffL) | 0x4000L;
        long low = (random.nextLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
        return new UUID(high, low).toString();
    }

    /** Whether it may be echoed: 1 to {@value #LONGEST} visible ASCII characters. */
    static boolean isVisibleAscii(String id) {
        int length = id.length();
        if (length == 0 || length > LONGEST) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = id.charAt(i);
            if (c <= ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }
}
