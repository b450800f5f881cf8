package org.vitrina.registry;

/**
 * What a replica is told that has registered.
 *
 * @param renewAfterMs when it should register again, give or take a tenth
 * @param ttlMs when it is taken off if it does not
 */
record Registered(Instance instance, long renewAfterMs, long ttlMs) {}
