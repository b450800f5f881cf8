package org.vitrina.runtime;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;

/** Lets time pass without holding a thread. */
public final class VertxTimer {
    private VertxTimer() {}

    /** Completes after this many milliseconds, at least one, on the event loop of the subscriber; leaves no timer behind when cancelled. */
    public static Uni<Void> after(Vertx vertx, long millis) {
        return Uni.createFrom().emitter(emitter -> {
            long timer = vertx.setTimer(Math.max(1, millis), fired -> emitter.complete(null));
            emitter.onTermination(() -> vertx.cancelTimer(timer));
        });
    }
}
