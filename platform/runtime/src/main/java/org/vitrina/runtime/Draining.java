package org.vitrina.runtime;

import io.smallrye.mutiny.Uni;

/**
 * Whether this process has been told to end (SIGTERM, SIGINT). Answers go on meanwhile; what never ends by itself, such
 * as an event stream, must end now. A bean of this type is there for injection.
 */
public interface Draining {
    boolean begun();

    /** Completes when it begins; each subscription on its own. */
    Uni<Void> whenBegun();
}
