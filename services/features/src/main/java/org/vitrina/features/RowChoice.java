package org.vitrina.features;

import java.util.Random;
import java.util.function.IntSupplier;

/** Which row is sent next. */
final class RowChoice {
    private RowChoice() {}

    /** Any of {@code rows}, as likely each, anew with every start. */
    static IntSupplier random(int rows) {
        Random random = new Random();
        return () -> random.nextInt(rows);
    }

    /**
     * The rows that a program in Python chooses by {@code numpy.random.seed(seed)} and {@code numpy.random.randint(0,
     * rows - 1)}, in its order; its upper bound is exclusive, so that the last row never comes. Numpy's legacy generator
     * draws what fits into the bits of the bound, and again what is larger.
     */
    static IntSupplier asNumpy(int seed, int rows) {
        MersenneTwister bits = new MersenneTwister(seed);
        int largest = rows - 2;
        int mask = (Integer.highestOneBit(largest) << 1) - 1;
        return () -> {
            int drawn;
            do {
                drawn = bits.next() & mask;
            } while (drawn > largest);
            return drawn;
        };
    }
}
