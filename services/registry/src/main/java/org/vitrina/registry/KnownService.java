package org.vitrina.registry;

/** A service and how many replicas of it are alive. */
record KnownService(String name, int instances) {}
