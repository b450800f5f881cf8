package org.vitrina.messaging;

/**
 * What a {@link Redrive} came to.
 *
 * @param redriven dead letters taken up again
 */
public record Redriven(int redriven) {}
