package org.vitrina.orders;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Makes order ids: UUIDs of version 7 (RFC 9562), so that new ones are neighbours in an index. They are no secret. */
final class OrderIds {
    /** Tells apart processes whose fast generators happen to begin alike. */
    private static final long SALT = new SecureRandom().nextLong();

    private OrderIds() {}

    static UUID next(Clock clock) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return of(clock.millis(), random.nextLong() ^ SALT, random.nextLong());
    }

    /** The lowest id of an instant: all orders since have a higher one. */
    static UUID lowest(long epochMillis) {
        return of(epochMillis, 0, 0);
    }

    private static UUID of(long epochMillis, long some, long more) {
        return new UUID(
                (epochMillis << 16) | 0x7000L | (some & 0xfffL),
                (more & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L);
    }
}
