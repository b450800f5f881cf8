package org.vitrina.model;

import org.vitrina.core.Magnitude;

/**
 * How a training is regularised, as the elastic net does it: half the mean squared error plus {@code l1} times the sum of the
 * coefficients' absolute values plus half of {@code l2} times the sum of their squares, of standardised features; the
 * intercept costs nothing.
 */
record Penalty(double l1, double l2) {
    /** Least squares. */
    static final Penalty NONE = new Penalty(0, 0);

    Penalty {
        if (!(l1 >= 0 && l2 >= 0 && Magnitude.isInput(l1) && Magnitude.isInput(l2))) {
            throw new ArtefactException("the weights L1 and L2 must be 0 or more, they are " + l1 + " and " + l2);
        }
    }

    boolean isNone() {
        return l1 == 0 && l2 == 0;
    }
}
