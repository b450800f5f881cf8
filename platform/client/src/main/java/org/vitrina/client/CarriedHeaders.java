package org.vitrina.client;

import jakarta.ws.rs.HeaderParam;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Deadline;

/** What every call carries on: the time left, the request's identity, who asks, and by which release. */
public final class CarriedHeaders {
    @HeaderParam(Deadline.HEADER)
    public final long millisLeft;

    @HeaderParam("X-Request-Id")
    public final @Nullable String requestId;

    @HeaderParam("traceparent")
    public final @Nullable String traceparent;

    @HeaderParam("Authorization")
    public final @Nullable String authorization;

    @HeaderParam(Release.HEADER)
    public final @Nullable String variant;

    CarriedHeaders(CallScope scope) {
        this.millisLeft = Math.max(1, scope.deadline().millisForNextHop());
        this.requestId = scope.carried().requestId();
        this.traceparent = scope.carried().traceparent();
        this.authorization = scope.carried().authorization();
        this.variant = scope.variant();
    }
}
