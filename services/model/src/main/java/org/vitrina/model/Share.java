package org.vitrina.model;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * How much a version is used.
 *
 * @param weight its part of the predictions, relative to the sum of all weights
 */
@RegisterForReflection // in a file, read by hand
record Share(String version, int weight) {}
