package org.vitrina.runtime;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Pauses that double up to a longest one, each shortened by up to a quarter so that replicas do not return together. */
public final class GrowingPause {
    private static final long FIRST_MILLIS = 100;

    private final long longestMillis;
    private long nextMillis = FIRST_MILLIS;

    public GrowingPause(Duration longest) {
        this.longestMillis = Math.max(FIRST_MILLIS, longest.toMillis());
    }

    /** The next pause in milliseconds. */
    public long next() {
        long pause = nextMillis;
        nextMillis = Math.min(longestMillis, nextMillis * 2);
        return pause - ThreadLocalRandom.current().nextLong(pause / 4 + 1);
    }

    /** It worked: the next pause is the first again. */
    public void reset() {
        nextMillis = FIRST_MILLIS;
    }

    /** True until the first pause has been taken. */
    public boolean isFresh() {
        return nextMillis == FIRST_MILLIS;
    }
}
