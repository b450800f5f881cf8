package org.vitrina.http;

import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** What identifies the request being served, for logs, problems and the calls made on its behalf. */
@ApplicationScoped
public class RequestIds {
    public static final String REQUEST_ID = "X-Request-Id";
    public static final String TRACEPARENT = "traceparent";

    private final boolean takesRequestIdAsKey;

    RequestIds(HttpConfig config) {
        this.takesRequestIdAsKey = config.keyHeaders().contains(REQUEST_ID);
    }

    /** The caller's {@code X-Request-Id}, or the UUID made for it; null off a request. */
    public @Nullable String requestId() {
        RequestState state = RequestState.current();
        return state == null ? null : state.requestId;
    }

    /**
     * The caller's own {@code X-Request-Id}, which may serve as an idempotency key; null when we made one, or where {@code
     * vitrina.web.key-headers} does not name it.
     */
    public @Nullable String requestIdAsKey() {
        RequestState state = RequestState.current();
        return state == null || !state.requestIdFromCaller || !takesRequestIdAsKey() ? null : state.requestId;
    }

    boolean takesRequestIdAsKey() {
        return takesRequestIdAsKey;
    }

    /** The caller's W3C {@code traceparent} if it is a valid one, to be carried on; else null. */
    public @Nullable String traceparent() {
        RequestState state = RequestState.current();
        return state == null ? null : state.traceparent;
    }

    /** The trace id of {@link #traceparent}, else the request id; null off a request. */
    public @Nullable String traceId() {
        RequestState state = RequestState.current();
        return state == null ? null : state.traceId();
    }
}
