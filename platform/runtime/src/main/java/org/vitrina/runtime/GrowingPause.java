package org.vitrina.runtime;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Pauses that double up to a longest one, each shortened by up to a quarter so that replicas do not return together. */
public final class GrowingPause {
    private static final Duration FIRST = Duration.ofMillis(100);

    private final long firstMillis;
    private final long longestMillis;
    private long nextMillis;
    private boolean fresh = true;

    /** The first is a tenth of a second. */
    public GrowingPause(Duration longest) {
        this(FIRST, longest);
    }

    public GrowingPause(Duration first, Duration longest) {
        this.firstMillis = first.toMillis();
        this.longestMillis = Math.max(firstMillis, longest.toMillis());
        this.nextMillis = firstMillis;
    }

    /** The next pause in milliseconds. */
    public long next() {
        long pause = nextMillis;
        nextMillis = Math.min(longestMillis, nextMillis * 2);
        fresh = false;
        return pause - ThreadLocalRandom.current().nextLong(pause / 4 + 1);
    }

    /** It worked: the next pause is the first again. */
    public void reset() {
        nextMillis = firstMillis;
        fresh = true;
    }

    /** True until the first pause has been taken. */
    public boolean isFresh() {
        return fresh;
    }
}
