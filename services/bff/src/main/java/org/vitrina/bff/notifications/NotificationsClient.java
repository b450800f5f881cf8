package org.vitrina.bff.notifications;

import io.quarkus.runtime.Startup;
import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MultivaluedMap;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.vitrina.bff.BffConfig;
import org.vitrina.client.Accounted;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.GuardedCall;
import org.vitrina.client.Reply;
import org.vitrina.client.Upstream;
import org.vitrina.client.Upstreams;

/** The guarded face of the notifications service. */
@Startup
@ApplicationScoped
public class NotificationsClient {
    private final NotificationsRestClient rest;
    private final Upstream notifications;

    NotificationsClient(@RestClient NotificationsRestClient rest, Upstreams upstreams, BffConfig config) {
        this.rest = rest;
        this.notifications = upstreams.upstream("notifications", config.notifications());
    }

    /** @param query the caller's */
    public Uni<Reply> list(CallScope scope, int user, MultivaluedMap<String, String> query) {
        return guarded(notifications
                .rest(scope, carried -> rest.list(user, query, carried))
                .hedged());
    }

    @Accounted
    @Retry(delay = 0, jitter = 0, retryOn = CallFailure.Retryable.class, abortOn = CircuitBreakerOpenException.class)
    @CircuitBreaker(skipOn = CallFailure.Uncounted.class)
    @CircuitBreakerName("notifications")
    @Timeout
    <T> Uni<T> guarded(GuardedCall<T> call) {
        return call.attempt();
    }
}
