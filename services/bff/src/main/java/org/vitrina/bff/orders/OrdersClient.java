package org.vitrina.bff.orders;

import io.quarkus.runtime.Startup;
import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.experiments.Assignments;
import org.vitrina.bff.upstream.Write;
import org.vitrina.client.Accounted;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.CarriedHeaders;
import org.vitrina.client.GuardedCall;
import org.vitrina.client.HttpTransport;
import org.vitrina.client.Reply;
import org.vitrina.client.ServerSentEvent;
import org.vitrina.client.Upstream;
import org.vitrina.client.Upstreams;

/** The guarded face of the orders service. Every request is safe to repeat: reads, cancels, and orders with their key. */
@Startup
@ApplicationScoped
public class OrdersClient {
    /** Orders is well, products is not: no sign of ill health, and nothing that another try now would mend. */
    private static final String PRODUCTS_AWAY = "\"urn:vitrina:problem:products-unavailable\"";

    private final OrdersRestClient rest;
    private final Upstream orders;
    private final HttpTransport http;
    private final Assignments assignments;

    OrdersClient(@RestClient OrdersRestClient rest, Upstreams upstreams, BffConfig config, Assignments assignments) {
        this.rest = rest;
        this.assignments = assignments;
        this.orders = upstreams.upstream("orders", config.orders());
        this.http = upstreams.transport(config.orders());
    }

    public Uni<Reply> list(CallScope scope, MultivaluedMap<String, String> query) {
        return guarded(orders.rest(scope, carried -> rest.list(query, carried)).hedged());
    }

    public Uni<Reply> order(CallScope scope, String id, int user) {
        return guarded(
                orders.rest(scope, carried -> rest.order(id, user, carried)).hedged());
    }

    /** What an operator may know of an order; the caller must be one. */
    public Uni<Reply> history(CallScope scope, String id) {
        return guarded(orders.rest(scope, carried -> rest.history(id, carried)).hedged());
    }

    /** @param order the JSON body as the caller sent it, placed once for each key */
    public Uni<Reply> place(CallScope scope, int user, String key, @Nullable String versions, byte[] order) {
        return place(scope, user, key, versions, order, () -> {});
    }

    /** @param tried called before each try: the answer to a later one may repeat that of our own first */
    public Uni<Reply> place(
            CallScope scope, int user, String key, @Nullable String versions, byte[] order, Runnable tried) {
        return write(scope, carried -> {
                    tried.run();
                    return rest.place(user, key, versions, order, carried);
                })
                .invoke(reply -> {
                    if (reply.status() / 100 == 2) {
                        assignments.ordered(user);
                    }
                });
    }

    public Uni<Reply> cancel(CallScope scope, String id, int user, @Nullable String versions) {
        return write(scope, carried -> rest.cancel(id, user, versions, carried));
    }

    /** The order's states as they come, the present one first; see {@link HttpTransport#events}. */
    Multi<ServerSentEvent> events(CallScope scope, String id, int user, @Nullable String lastSeen) {
        String path = "/api/v1/orders/" + URLEncoder.encode(id, StandardCharsets.UTF_8) + "/events?user_id=" + user;
        return http.events(scope.carried(), path, lastSeen == null ? Map.of() : Map.of("Last-Event-ID", lastSeen));
    }

    /** The answer as it is, whatever its status, except failures of orders itself. */
    private Uni<Reply> write(CallScope scope, Function<CarriedHeaders, Uni<Response>> once) {
        return Write.of(orders, scope, once, this::guarded, OrdersClient::isProductsAway);
    }

    @Accounted
    @Retry(delay = 0, jitter = 0, retryOn = CallFailure.Retryable.class, abortOn = CircuitBreakerOpenException.class)
    @CircuitBreaker(skipOn = CallFailure.Uncounted.class)
    @CircuitBreakerName("orders")
    @Timeout
    <T> Uni<T> guarded(GuardedCall<T> call) {
        return call.attempt();
    }

    private static boolean isProductsAway(Reply reply) {
        return reply.status() == 503 && reply.body().toString().contains(PRODUCTS_AWAY);
    }
}
