package org.vitrina.runtime;

import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;

/** Where the process stands between its start and its end, for those on the request path: two flags, read cheaply. */
@Singleton
class Lifecycle implements Draining {
    private volatile boolean started;
    private volatile boolean draining;
    private final CompletableFuture<Void> drainBegun = new CompletableFuture<>();

    /** True once every {@link Dependency} could be used. */
    boolean started() {
        return started;
    }

    void markStarted() {
        started = true;
    }

    @Override
    public boolean begun() {
        return draining;
    }

    @Override
    public io.smallrye.mutiny.Uni<Void> whenBegun() {
        return io.smallrye.mutiny.Uni.createFrom().completionStage(drainBegun.copy());
    }

    /** For tests: puts the process where it cannot get by itself. */
    void reset(boolean started, boolean draining) {
        this.started = started;
        this.draining = draining;
    }

    void markDraining() {
        draining = true;
        drainBegun.complete(null);
    }
}
