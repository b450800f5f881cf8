package org.vitrina.runtime;

import io.smallrye.mutiny.Uni;

/**
 * Something the service cannot answer without, such as its database. Each bean of this type is awaited at start (the
 * ports are open meanwhile and answer 503 {@code starting}) and asked by readiness afterwards, never by liveness.
 */
public interface Dependency {
    /** Short name for the health answer and the log, such as {@code postgres}. */
    String name();

    /** Completes when the dependency can be used; fails, with a message that says what to do, when it cannot. */
    Uni<Void> check();
}
