package org.vitrina.bff.orders;

import io.quarkus.runtime.Startup;
import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.upstream.Upstreams;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.GuardedCall;
import org.vitrina.client.HttpTransport;
import org.vitrina.client.Reply;
import org.vitrina.client.ServerSentEvent;
import org.vitrina.client.Upstream;

/** The guarded face of the orders service. Every request is safe to repeat: reads, cancels, and orders with their key. */
@Startup
@ApplicationScoped
public class OrdersClient {
    private static final String PATH = "/api/v1/orders/";

    /** Orders is well, products is not: no sign of ill health, and nothing that another try now would mend. */
    private static final String PRODUCTS_AWAY = "\"urn:vitrina:problem:products-unavailable\"";

    private final OrdersAttempts attempts;
    private final Upstream upstream;
    private final HttpTransport http;

    OrdersClient(OrdersAttempts attempts, Upstreams upstreams, BffConfig config) {
        this.attempts = attempts;
        this.upstream = upstreams.upstream("orders", config.orders());
        this.http = upstreams.transport(config.orders());
    }

    /**
     * One request; the answer as it is, whatever its status, except failures of orders itself.
     *
     * @param rest path below {@code /api/v1/orders/} and query
     * @param headers of the caller's, those that orders knows
     */
    Uni<Reply> send(
            CallScope scope, HttpMethod method, String rest, Map<String, String> headers, @Nullable Buffer body) {
        return upstream.call(
                scope,
                () -> http.exchange(scope, method, PATH + rest, headers, body).map(OrdersClient::judge),
                this::guarded);
    }

    /** The order's states as they come, the present one first; see {@link HttpTransport#events}. */
    Multi<ServerSentEvent> events(CallScope scope, String rest, @Nullable String lastSeen) {
        return http.events(
                scope.carried(), PATH + rest, lastSeen == null ? Map.of() : Map.of("Last-Event-ID", lastSeen));
    }

    @CircuitBreaker(skipOn = CallFailure.Uncounted.class)
    @CircuitBreakerName("orders")
    <T> Uni<T> guarded(GuardedCall<T> call) {
        return attempts.make(call);
    }

    private static Reply judge(Reply reply) {
        boolean productsAway = reply.status() == 503 && reply.body().toString().contains(PRODUCTS_AWAY);
        if (reply.status() >= 500 && !productsAway) {
            throw new CallFailure.Retryable("status " + reply.status(), null);
        }
        return reply;
    }
}
