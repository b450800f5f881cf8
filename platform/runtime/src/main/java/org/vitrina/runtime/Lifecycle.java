package org.vitrina.runtime;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;

/** Where the process stands between its start and its end, for those on the request path: two flags, read cheaply. */
@Singleton
public class Lifecycle implements Draining {
    private volatile boolean started;
    private volatile boolean draining;
    private final CompletableFuture<Void> drainBegun = new CompletableFuture<>();

    /** True once every {@link Dependency} could be used. */
    public boolean started() {
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
    public Uni<Void> whenBegun() {
        return Uni.createFrom().completionStage(drainBegun.copy());
    }

    /** For tests: puts the process where it cannot get by itself. */
    public void reset(boolean started, boolean draining) {
        this.started = started;
        this.draining = draining;
    }

    void markDraining() {
        draining = true;
        drainBegun.complete(null);
    }
}
