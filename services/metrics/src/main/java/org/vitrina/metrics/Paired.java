package org.vitrina.metrics;

/** A pair that was just made: by which version, and how wrong it was. */
record Paired(String modelVersion, double error) {}
