package org.vitrina.runtime;

import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/** Work on a Vert.x context of its own, as it needs that is part of no request: Hibernate sessions belong to one. */
public final class OwnContext {
    private OwnContext() {}

    /** Runs it on an event loop: the current one, if there is one. */
    public static void run(Vertx vertx, Runnable work) {
        run(vertx.getOrCreateContext(), work);
    }

    /** Runs it on the event loop of {@code loop}. */
    public static void run(Context loop, Runnable work) {
        Context own = VertxContext.createNewDuplicatedContext(loop);
        VertxContextSafetyToggle.setContextSafe(own, true);
        own.runOnContext(there -> work.run());
    }

    /** The same for work with a result; it goes on when the subscriber cancels. */
    public static <T> Uni<T> call(Vertx vertx, Supplier<Uni<T>> work) {
        return Uni.createFrom()
                .emitter(emitter -> run(vertx, () -> {
                    var unused =
                            Uni.createFrom().<T>deferred(work::get).subscribe().with(emitter::complete, emitter::fail);
                }));
    }

    /** What comes of it goes on where it is asked for now, wherever it comes from. */
    public static <T> Uni<T> andBack(Uni<T> work) {
        Context here = Vertx.currentContext();
        return here == null ? work : work.emitOn(command -> here.runOnContext(on -> command.run()));
    }
}
