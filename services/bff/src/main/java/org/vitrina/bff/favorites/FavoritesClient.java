package org.vitrina.bff.favorites;

import io.quarkus.runtime.Startup;
import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.upstream.LineCounter;
import org.vitrina.bff.upstream.Write;
import org.vitrina.client.Accounted;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.GuardedCall;
import org.vitrina.client.HttpTransport;
import org.vitrina.client.Replies;
import org.vitrina.client.Reply;
import org.vitrina.client.Upstream;
import org.vitrina.client.Upstreams;

/** The guarded face of the favorites service. What each page asks goes by the raw transport, the rest is declared. */
@Startup
@ApplicationScoped
public class FavoritesClient {
    private final FavoritesRestClient rest;
    private final Upstream favorites;
    private final HttpTransport http;

    FavoritesClient(@RestClient FavoritesRestClient rest, Upstreams upstreams, BffConfig config) {
        this.rest = rest;
        this.favorites = upstreams.upstream("favorites", config.favorites());
        this.http = upstreams.transport(config.favorites());
    }

    /** The number of lines, not pieces. */
    public Uni<Integer> lines(CallScope scope, int user) {
        String path = "/users/" + user + "/favorites";
        return guarded(favorites
                .call(scope, own -> http.get(own, path).map(FavoritesClient::count))
                .hedged());
    }

    /** The service's own answer, whatever its status below 500. */
    public Uni<Reply> list(CallScope scope, int user) {
        return guarded(
                favorites.rest(scope, carried -> rest.list(user, carried)).hedged());
    }

    public Uni<Reply> put(CallScope scope, int user, int product) {
        return Write.of(favorites, scope, carried -> rest.put(user, product, carried), this::guarded);
    }

    public Uni<Reply> delete(CallScope scope, int user, int product) {
        return Write.of(favorites, scope, carried -> rest.delete(user, product, carried), this::guarded);
    }

    @Accounted
    @Retry(delay = 0, jitter = 0, retryOn = CallFailure.Retryable.class, abortOn = CircuitBreakerOpenException.class)
    @CircuitBreaker(skipOn = CallFailure.Uncounted.class)
    @CircuitBreakerName("favorites")
    @Timeout
    <T> Uni<T> guarded(GuardedCall<T> call) {
        return call.attempt();
    }

    private static int count(Reply reply) {
        return reply.status() == 404
                ? 0
                : LineCounter.count(Replies.ok("favorites", reply).body());
    }
}
