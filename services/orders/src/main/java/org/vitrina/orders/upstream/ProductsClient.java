package org.vitrina.orders.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.Startup;
import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.vitrina.client.Accounted;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.GuardedCall;
import org.vitrina.client.HttpTransport;
import org.vitrina.client.Reason;
import org.vitrina.client.Reply;
import org.vitrina.client.Upstream;
import org.vitrina.client.Upstreams;
import org.vitrina.core.Money;
import org.vitrina.orders.OrdersConfig;

/** The guarded face of the catalogue. */
@Startup
@ApplicationScoped
public class ProductsClient {
    private final Upstream products;
    private final HttpTransport http;
    private final ObjectMapper json;

    ProductsClient(Upstreams upstreams, OrdersConfig config, ObjectMapper json) {
        this.products = upstreams.upstream("products", config.products());
        this.http = upstreams.transport(config.products());
        this.json = json;
    }

    /**
     * The present prices, never a copy; products that the catalogue does not know are left out. Fails with a {@link
     * CallFailure}.
     */
    public Uni<Map<Integer, Money>> prices(CallScope scope, Collection<Integer> productIds) {
        String ids = productIds.stream().map(String::valueOf).collect(Collectors.joining(","));
        String path = "/products?product_ids=" + ids;
        return guarded(products.call(scope, own -> http.get(own, path)).hedged())
                .map(this::prices);
    }

    @Accounted
    @Retry(delay = 0, jitter = 0, retryOn = CallFailure.Retryable.class, abortOn = CircuitBreakerOpenException.class)
    @CircuitBreaker(skipOn = CallFailure.Uncounted.class)
    @CircuitBreakerName("products")
    @Timeout
    <T> Uni<T> guarded(GuardedCall<T> call) {
        return call.attempt();
    }

    private Map<Integer, Money> prices(Reply reply) {
        if (reply.status() != 200) {
            throw new CallFailure.Uncounted(Reason.ERROR, "products answered " + reply.status());
        }
        var prices = new HashMap<Integer, Money>();
        try {
            JsonNode list = json.readTree(reply.body().getBytes());
            if (!list.isArray()) {
                throw new CallFailure.Final(Reason.ERROR, "products did not answer with a list", null);
            }
            for (JsonNode product : list) {
                prices.put(
                        product.required("product_id").intValue(),
                        Money.parse(product.required("price").asText()));
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new CallFailure.Final(Reason.ERROR, "products did not answer with prices", e);
        }
        return prices;
    }
}
