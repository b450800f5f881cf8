package org.vitrina.cache;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import org.jspecify.annotations.Nullable;

/** The Vert.x context on which a caller subscribed, so that its answer comes back there. */
record CallerContext(@Nullable ContextInternal context) {
    private static final CallerContext NOWHERE = new CallerContext(null);

    static CallerContext current() {
        Context context = Vertx.currentContext();
        return context == null ? NOWHERE : new CallerContext((ContextInternal) context);
    }

    /** Runs at once where the context is current already; a thread without a context takes what comes. */
    void run(Runnable step) {
        if (context == null || Vertx.currentContext() == context) {
            step.run();
        } else {
            context.emit(step, Runnable::run);
        }
    }

    /** A context on the same event loop that knows nothing of the request (its user, its deadline, its trace). */
    CallerContext stripped() {
        return context == null ? NOWHERE : new CallerContext(context.duplicate());
    }
}
