package org.vitrina.overload;

import java.util.Arrays;

/**
 * How many requests a second get a place while others wait. It is known only once some windows have passed with a queue,
 * and it is the best of the last of them: a burst begins with connections that are accepted and a process that may be cold,
 * and who is sent away by a guess that was too low could have been served.
 */
final class Pace {
    private static final int WINDOWS = 4;
    private static final long WINDOW_NANOS = 100_000_000;

    private final double[] perNano = new double[WINDOWS];
    private int next;
    private int measured;
    private boolean measuring;
    private long since;
    private long countThen;
    private volatile double best;

    /** A look at the count of places given so far, a few times a window while others wait. */
    void look(long now, long count) {
        if (!measuring) {
            measuring = true;
            since = now;
            countThen = count;
        } else if (now - since >= WINDOW_NANOS) {
            perNano[next] = (double) (count - countThen) / (now - since);
            next = (next + 1) % WINDOWS;
            since = now;
            countThen = count;
            measured = Math.min(WINDOWS, measured + 1);
            if (measured == WINDOWS) {
                best = Arrays.stream(perNano).max().orElse(0);
            }
        }
    }

    /** Nobody waits any more: what was measured is no longer so. */
    void forget() {
        measuring = false;
        measured = 0;
        best = 0;
        Arrays.fill(perNano, 0);
    }

    /** Places given in {@code nanos}; a very large number while the pace is not known. */
    double in(long nanos) {
        double known = best;
        return known == 0 ? Double.MAX_VALUE : known * nanos;
    }
}
