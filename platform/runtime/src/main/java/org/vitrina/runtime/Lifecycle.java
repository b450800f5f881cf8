package org.vitrina.runtime;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Where the process stands between its start and its end, for those on the request path: two flags, read cheaply. */
@Singleton
public class Lifecycle implements Draining {
    private volatile boolean started;
    private volatile boolean draining;
    private final List<Runnable> last = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> drainBegun = new CompletableFuture<>();

    /** True once every {@link Dependency} could be used. */
    public boolean started() {
        return started;
    }

    /** Done when everything that comes before the process is ready has ended, whatever came of it: what that must not leave. */
    public void beforeStarted(Runnable step) {
        last.add(step);
    }

    void markStarted() {
        last.forEach(Runnable::run);
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
