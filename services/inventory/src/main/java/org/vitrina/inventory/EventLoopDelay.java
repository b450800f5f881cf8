package org.vitrina.inventory;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Pauses by timers of the caller's event loop, so that a request goes on where it waited. */
@ApplicationScoped
class EventLoopDelay implements Delay {
    private final Vertx vertx;

    EventLoopDelay(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public Uni<Void> pause(Duration length) {
        if (length.isZero()) {
            return Uni.createFrom().voidItem();
        }
        return Uni.createFrom().emitter(over -> {
            long timer = vertx.setTimer(length.toMillis(), fired -> over.complete(null));
            over.onTermination(() -> vertx.cancelTimer(timer));
        });
    }
}
