package org.vitrina.registry;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A replica of a service.
 *
 * @param zone empty: none was said
 * @param weight its share of calls beside the others' weights; 0: no calls
 * @param version empty: none was said
 */
@RegisterForReflection // in Redis, read and written by hand
record Instance(String id, String address, int port, String zone, int weight, String version) {}
