package org.vitrina.core;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Times that differ a little, so that what began together does not end together. */
public final class Jitter {
    private static final double LEAST = 0.8;
    private static final double MOST = 1.2;

    private Jitter() {}

    /** This time, a fifth more or less; another each time. */
    public static Duration aFifthAround(Duration time) {
        return Duration.ofNanos(
                (long) (time.toNanos() * ThreadLocalRandom.current().nextDouble(LEAST, MOST)));
    }
}
