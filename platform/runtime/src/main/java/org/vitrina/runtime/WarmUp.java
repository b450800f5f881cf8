package org.vitrina.runtime;

import io.smallrye.mutiny.Uni;

/**
 * Work that is done once, with success, before the service says that it is ready: a cold process takes longer for its first
 * request than the caller has, and under load that is many requests.
 */
public abstract class WarmUp implements Dependency {
    private volatile boolean done;

    /** The work of a usual request; the item does not matter. */
    protected abstract Uni<?> work();

    @Override
    public Uni<Void> check() {
        if (done) {
            return Uni.createFrom().voidItem();
        }
        return work().invoke(result -> done = true).replaceWithVoid();
    }
}
