package org.vitrina.bff.notifications;

import io.quarkus.runtime.Startup;
import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.upstream.Upstreams;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.GuardedCall;
import org.vitrina.client.HttpTransport;
import org.vitrina.client.Reply;
import org.vitrina.client.Upstream;

/** The guarded face of the notifications service. */
@Startup
@ApplicationScoped
public class NotificationsClient {
    private final NotificationsAttempts attempts;
    private final Upstream upstream;
    private final HttpTransport http;

    NotificationsClient(NotificationsAttempts attempts, Upstreams upstreams, BffConfig config) {
        this.attempts = attempts;
        this.upstream = upstreams.upstream("notifications", config.notifications());
        this.http = upstreams.transport(config.notifications());
    }

    /** @param query the caller's; the {@code Link} to the next page leads to where the caller asked */
    Uni<Reply> list(CallScope scope, int user, @Nullable String query) {
        String path = "/users/" + user + "/notifications";
        String target = query == null ? path : path + "?" + query;
        return upstream.call(
                scope, () -> http.get(scope, target).invoke(reply -> moveLink(reply, path)), this::guarded);
    }

    private static void moveLink(Reply reply, String from) {
        String link = reply.headers().get("Link");
        if (link != null) {
            reply.headers().set("Link", link.replace("<" + from, "</notifications"));
        }
    }

    @CircuitBreaker(skipOn = CallFailure.Uncounted.class)
    @CircuitBreakerName("notifications")
    <T> Uni<T> guarded(GuardedCall<T> call) {
        return attempts.make(call);
    }
}
