package org.vitrina.bff.experiments;

/** So many of so many. */
record Proportion(long some, long of) {
    /** Of the standard normal distribution, 95 % on both sides. */
    private static final double USUAL = 1.959964;

    /** 99.9 % on one side: the guard looks again and again, and each look may err. */
    private static final double SURELY = 3.090232;

    double value() {
        return of == 0 ? 0 : (double) some / of;
    }

    /** The score interval (Wilson, 1927): right for small counts too, and never outside of 0 to 1. */
    Interval interval() {
        return interval(USUAL);
    }

    private Interval interval(double z) {
        if (of == 0) {
            return new Interval(0, 0, 1);
        }
        double p = value();
        double z2 = z * z;
        double middle = (p + z2 / (2 * of)) / (1 + z2 / of);
        double half = z / (1 + z2 / of) * Math.sqrt(p * (1 - p) / of + z2 / (4.0 * of * of));
        return new Interval(p, Math.max(0, middle - half), Math.min(1, middle + half));
    }

    /** This one less another: Newcombe's hybrid score interval (Statistics in Medicine 17, 1998, method 10). */
    Interval less(Proportion other) {
        Interval own = interval();
        Interval others = other.interval();
        double difference = value() - other.value();
        return new Interval(
                difference,
                difference - Math.hypot(own.value() - own.low(), others.high() - others.value()),
                difference + Math.hypot(own.high() - own.value(), others.value() - others.low()));
    }

    boolean isSurelyAbove(double limit) {
        return of > 0 && interval(SURELY).low() > limit;
    }
}
