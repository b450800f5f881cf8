package org.vitrina.inventory;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.vitrina.runtime.VertxTimer;

/** Pauses by timers of the caller's event loop, so that a request goes on where it waited. */
@ApplicationScoped
class EventLoopDelay implements Delay {
    private final Vertx vertx;

    EventLoopDelay(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public Uni<Void> pause(Duration length) {
        return length.isZero() ? Uni.createFrom().voidItem() : VertxTimer.after(vertx, length.toMillis());
    }
}
