package org.vitrina.overload;

import java.util.Arrays;

/**
 * How late one event loop runs what was due: the median of the last probes, so that a single pause (a collection, a
 * neighbour) does not look like queueing. Confined to its event loop, except for {@link #median}.
 */
final class LoopDelay {
    private static final int PROBES = 9;

    /** A selector wakes by whole milliseconds: so much lateness says nothing. */
    private static final long GRAIN_NANOS = 1_000_000;

    private final long[] late = new long[PROBES];
    private int next;
    private volatile long median;

    void probed(long lateNanos) {
        late[next] = Math.max(0, lateNanos - GRAIN_NANOS);
        next = (next + 1) % PROBES;
        long[] sorted = late.clone();
        Arrays.sort(sorted);
        median = sorted[PROBES / 2];
    }

    long median() {
        return median;
    }
}
