package org.vitrina.predictions;

/**
 * What came of taking dead letters up again.
 *
 * @param redriven how many were taken up
 */
record Redriven(int redriven) {}
