package org.vitrina.launcher;

/**
 * A part as it is now.
 *
 * @param pid of the last process, also when it has ended; 0 before the first
 * @param restarts how often the supervisor has started it again after a death
 */
public record PartStatus(String name, PartState state, long pid, Address address, int restarts) {}
