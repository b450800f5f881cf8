package org.vitrina.bff.experiments;

/** An estimate, and the interval that has the true value with 95 % confidence. */
public record Interval(double value, double low, double high) {
    static final Interval UNKNOWN = new Interval(0, 0, 0);

    /** Whether zero is outside of it. */
    public boolean isSure() {
        return low > 0 || high < 0;
    }
}
