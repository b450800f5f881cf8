package org.vitrina.bff.experiments;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What a variant must keep to: it is stopped when it surely does not, as {@link Proportion#isSurelyAbove} has it.
 *
 * @param maxErrors largest share of first tries that may fail
 * @param slowMs a first try that takes longer is slow
 * @param maxSlow largest share of first tries that may be slow
 * @param minCalls with fewer in the window nothing is judged
 */
@RegisterForReflection // in Redis, read and written by hand
public record Guard(double maxErrors, int slowMs, double maxSlow, int minCalls) {
    static final Guard USUAL = new Guard(0.05, 250, 0.05, 100);
}
