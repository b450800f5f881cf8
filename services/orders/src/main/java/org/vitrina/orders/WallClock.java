package org.vitrina.orders;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** The instance's own clock. It may jump: orders' ids alone come from it, leases and limits go by the database's. */
@Singleton
class WallClock {
    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }
}
