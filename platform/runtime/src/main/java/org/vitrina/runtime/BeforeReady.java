package org.vitrina.runtime;

import io.smallrye.mutiny.Uni;

/**
 * Work done once when every {@link Dependency} is there, before the service says that it is ready. It is for speed only:
 * readiness waits a few seconds for it at most, and its failure changes nothing.
 */
public interface BeforeReady {
    Uni<Void> run();
}
