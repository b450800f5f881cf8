package org.vitrina.bff.favorites;

import io.quarkus.runtime.Startup;
import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.upstream.LineCounter;
import org.vitrina.bff.upstream.Replies;
import org.vitrina.bff.upstream.Upstreams;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.GuardedCall;
import org.vitrina.client.HttpTransport;
import org.vitrina.client.Reply;
import org.vitrina.client.Upstream;

/** The guarded face of the favorites service. Reads pass through Vert.x, since each page makes one; writes are typed. */
@Startup
@ApplicationScoped
public class FavoritesClient {
    private final FavoritesAttempts attempts;
    private final FavoritesRestClient rest;
    private final Upstream upstream;
    private final HttpTransport http;

    FavoritesClient(
            FavoritesAttempts attempts, @RestClient FavoritesRestClient rest, Upstreams upstreams, BffConfig config) {
        this.attempts = attempts;
        this.rest = rest;
        this.upstream = upstreams.upstream("favorites", config.favorites());
        this.http = upstreams.transport(config.favorites());
    }

    /** The number of lines, not pieces. */
    public Uni<Integer> lines(CallScope scope, int user) {
        return upstream.call(scope, () -> http.get(scope, path(user)).map(FavoritesClient::count), this::guarded);
    }

    /** The service's own answer, whatever its status below 500. */
    public Uni<Reply> list(CallScope scope, int user) {
        return upstream.call(scope, () -> http.get(scope, path(user)), this::guarded);
    }

    public Uni<Reply> put(CallScope scope, int user, int product) {
        return write(scope, () -> rest.put(user, product, Replies.carry(scope)));
    }

    public Uni<Reply> delete(CallScope scope, int user, int product) {
        return write(scope, () -> rest.delete(user, product, Replies.carry(scope)));
    }

    private Uni<Reply> write(CallScope scope, Supplier<Uni<Response>> once) {
        return upstream.call(scope, () -> Replies.of(once.get()), this::guarded);
    }

    @CircuitBreaker(skipOn = CallFailure.Uncounted.class)
    @CircuitBreakerName("favorites")
    <T> Uni<T> guarded(GuardedCall<T> call) {
        return attempts.make(call);
    }

    private static int count(Reply reply) {
        return reply.status() == 404
                ? 0
                : LineCounter.count(Replies.ok("favorites", reply).body());
    }

    private static String path(int user) {
        return "/users/" + user + "/favorites";
    }
}
