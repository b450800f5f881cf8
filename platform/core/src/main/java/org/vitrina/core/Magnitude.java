package org.vitrina.core;

/**
 * How large a number that comes from outside may be, either side of zero. Far beyond anything that is meant, and so far from
 * where a {@code double} ends that what is made of many of them (predictions, squares, sums, means) is a number too.
 */
public final class Magnitude {
    /** Of features, scores and weights; a text, for annotations. */
    public static final String INPUT = "1E100";

    /** Of truths and predictions, since those of the largest features are larger than these; a text, for messages. */
    public static final String LABEL = "1E150";

    private static final double LARGEST_INPUT = Double.parseDouble(INPUT);
    private static final double LARGEST_LABEL = Double.parseDouble(LABEL);

    private Magnitude() {}

    /** Whether it may be a feature, a score or a weight; what is no number may not. */
    public static boolean isInput(double value) {
        return Math.abs(value) <= LARGEST_INPUT;
    }

    /** Whether it may be a truth or a prediction; what is no number may not. */
    public static boolean isLabel(double value) {
        return Math.abs(value) <= LARGEST_LABEL;
    }
}
