package org.vitrina.metrics;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The absolute error of the predictions.
 *
 * @param window seconds that it is about
 * @param until its end by the database's clock; null without pairs
 * @param pairs made within it
 * @param last of the newest pair, whenever it was made; null without any
 * @param mean within the window; null without pairs
 * @param movingMean of the newest pairs, whenever they were made; null without any
 * @param histogram of the errors within the window
 * @param versions by the version of the model
 * @param overTime means of equal parts of the window that have pairs, oldest first
 */
record ErrorReport(
        long window,
        @Nullable Instant until,
        long pairs,
        @Nullable Double last,
        @Nullable Double mean,
        @Nullable Double movingMean,
        List<Bin> histogram,
        List<Version> versions,
        List<Point> overTime) {
    /**
     * Pairs by their error.
     *
     * @param from inclusive
     * @param to exclusive, null for the last
     */
    record Bin(double from, @Nullable Double to, long pairs) {}

    /** What one version achieved within the window. */
    record Version(String modelVersion, long pairs, double mean) {}

    /** A part of the window. */
    record Point(Instant at, long pairs, double mean) {}
}
