package org.vitrina.client;

import java.net.URI;

/**
 * How one dependency is called, the same for every caller: a group of the service's own mapping, {@code
 * vitrina.<service>.<dependency>}. {@link GuardSettings} derives what the annotations and the declared client need from it.
 */
public interface DependencyConfig extends CallConfig {
    /** Where it listens, such as {@code http://products}; {@code stork://products}: where the registry says. */
    URI url();
}
