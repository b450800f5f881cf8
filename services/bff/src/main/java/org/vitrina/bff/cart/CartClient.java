package org.vitrina.bff.cart;

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

/** The guarded face of the cart service. Reads pass through Vert.x, since each page makes one; writes are typed. */
@Startup
@ApplicationScoped
public class CartClient {
    private final CartAttempts attempts;
    private final CartRestClient rest;
    private final Upstream upstream;
    private final HttpTransport http;

    CartClient(CartAttempts attempts, @RestClient CartRestClient rest, Upstreams upstreams, BffConfig config) {
        this.attempts = attempts;
        this.rest = rest;
        this.upstream = upstreams.upstream("cart", config.cart());
        this.http = upstreams.transport(config.cart());
    }

    /** The number of lines, not pieces. */
    public Uni<Integer> lines(CallScope scope, int user) {
        return upstream.call(scope, () -> http.get(scope, path(user)).map(CartClient::count), this::guarded);
    }

    /** The service's own answer, whatever its status below 500. */
    public Uni<Reply> list(CallScope scope, int user) {
        return upstream.call(scope, () -> http.get(scope, path(user)), this::guarded);
    }

    /** @param line the JSON body as the caller sent it */
    public Uni<Reply> put(CallScope scope, int user, int product, byte[] line) {
        return write(scope, () -> rest.put(user, product, line, Replies.carry(scope)));
    }

    public Uni<Reply> delete(CallScope scope, int user, int product) {
        return write(scope, () -> rest.delete(user, product, Replies.carry(scope)));
    }

    public Uni<Reply> clear(CallScope scope, int user) {
        return write(scope, () -> rest.clear(user, Replies.carry(scope)));
    }

    private Uni<Reply> write(CallScope scope, Supplier<Uni<Response>> once) {
        return upstream.call(scope, () -> Replies.of(once.get()), this::guarded);
    }

    @CircuitBreaker(skipOn = CallFailure.Uncounted.class)
    @CircuitBreakerName("cart")
    <T> Uni<T> guarded(GuardedCall<T> call) {
        return attempts.make(call);
    }

    private static int count(Reply reply) {
        return LineCounter.count(Replies.ok("cart", reply).body());
    }

    private static String path(int user) {
        return "/users/" + user + "/cart";
    }
}
