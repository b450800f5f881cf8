package org.vitrina.http;

import io.smallrye.common.vertx.ContextLocals;
import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Deadline;

/** What the front handler has read off a request, kept with its Vert.x context until the answer is out. */
final class RequestState {
    private static final String KEY = RequestState.class.getName();

    final String requestId;
    final boolean requestIdFromCaller;
    final @Nullable String traceparent;
    final Deadline deadline;

    /** Whether the caller asked for less time than is usual here. */
    final boolean shortened;

    /** Whether that has cost the answer something. */
    private volatile boolean cutShort;

    RequestState(
            String requestId,
            boolean requestIdFromCaller,
            @Nullable String traceparent,
            Deadline deadline,
            boolean shortened) {
        this.requestId = requestId;
        this.requestIdFromCaller = requestIdFromCaller;
        this.traceparent = traceparent;
        this.deadline = deadline;
        this.shortened = shortened;
    }

    void cutShort() {
        cutShort = true;
    }

    boolean isCutShort() {
        return cutShort;
    }

    String traceId() {
        return traceId(requestId, traceparent);
    }

    /** The trace id of a {@code traceparent} whose form was checked, else the request's own id. */
    static String traceId(String requestId, @Nullable String traceparent) {
        // version "-" trace id "-" span "-" flags
        return traceparent == null ? requestId : traceparent.substring(3, 35);
    }

    /** The state of the request that the current context serves, or null. */
    static @Nullable RequestState current() {
        Context context = Vertx.currentContext();
        if (context == null || !VertxContext.isDuplicatedContext(context)) {
            return null;
        }
        return ContextLocals.<RequestState>get(KEY, null);
    }

    /** Keeps it with the current context, a duplicated one. */
    void attach() {
        ContextLocals.put(KEY, this);
    }
}
