package org.vitrina.bff.experiments;

/**
 * The mean of times.
 *
 * @param sum of all, in units of 10 µs
 * @param squares sum of their squares
 */
record MeanTime(long count, long sum, long squares) {
    static final long UNIT_NANOS = 10_000;
    private static final double UNITS_A_MILLI = 100;
    private static final double USUAL = 1.959964;

    private double mean() {
        return count == 0 ? 0 : sum / (double) count;
    }

    /** Of the mean. */
    private double variance() {
        if (count < 2) {
            return 0;
        }
        double ofOne = Math.max(0, squares - sum * mean()) / (count - 1);
        return ofOne / count;
    }

    /** In milliseconds; by the central limit theorem, so for hundreds of times rather than for ten. */
    Interval interval() {
        return around(mean(), variance());
    }

    /** This one less another, whose spread may differ (Welch, 1947). */
    Interval less(MeanTime other) {
        return around(mean() - other.mean(), variance() + other.variance());
    }

    private static Interval around(double mean, double variance) {
        double half = USUAL * Math.sqrt(variance);
        return new Interval(mean / UNITS_A_MILLI, (mean - half) / UNITS_A_MILLI, (mean + half) / UNITS_A_MILLI);
    }
}
