package org.vitrina.orders;

import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The instance's clock, which a test may set forward and back. */
@Alternative
@Priority(1)
@Singleton
class JumpingClock extends Clock {
    private volatile Duration ahead = Duration.ZERO;

    /** By so much, which may be negative, from the true time. */
    void jump(Duration aheadOfTime) {
        ahead = aheadOfTime;
    }

    @Override
    public Instant instant() {
        return Clock.systemUTC().instant().plus(ahead);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("in UTC only");
    }
}
