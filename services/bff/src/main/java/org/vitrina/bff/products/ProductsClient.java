package org.vitrina.bff.products;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.quarkus.runtime.Startup;
import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.upstream.SharedCalls;
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

/** The guarded face of the products service. */
@Startup
@ApplicationScoped
public class ProductsClient implements SharedCalls {
    private static final Pattern NEXT = Pattern.compile("[?&]after=([0-9]{1,10})[^>]*>\\s*;\\s*rel=\"?next\"?");
    private static final JsonFactory JSON = new JsonFactory();

    private final ProductsRestClient rest;
    private final Upstream products;
    private final HttpTransport http;

    ProductsClient(@RestClient ProductsRestClient rest, Upstreams upstreams, BffConfig config) {
        this.rest = rest;
        this.products = upstreams.upstream("products", config.products());
        this.http = upstreams.transport(config.products());
    }

    /** @param query {@code ?limit=…&after=…}, or empty */
    public Uni<CatalogPage> page(CallScope scope, String query) {
        return guarded(products.call(scope, own -> http.get(own, "/products" + query)
                        .map(reply ->
                                CatalogPage.parse(Replies.ok("products", reply).body(), next(reply))))
                .hedged());
    }

    /** @return the product's JSON object, or null where products does not know it */
    public Uni<@Nullable Buffer> product(CallScope scope, int id) {
        return guarded(products.call(scope, own -> http.get(own, "/products/" + id)
                        .map(reply -> reply.status() == 404 ? null : object(Replies.ok("products", reply))))
                .hedged());
    }

    /** The categories that have a name, as products lists them. */
    Uni<Buffer> categories(CallScope scope) {
        return guarded(products.call(
                        scope, own -> http.get(own, "/categories").map(reply -> list(Replies.ok("products", reply))))
                .hedged());
    }

    /** The product as products has it now, with its {@code ETag}; the service's own answer, whatever its status below 500. */
    public Uni<Reply> current(CallScope scope, int id) {
        return guarded(
                products.rest(scope, carried -> rest.product(id, carried)).hedged());
    }

    /**
     * Changes a product once: a repetition of what was done would be told that the product has changed.
     *
     * @param version the {@code ETag} that it must have
     * @param patch a merge patch in JSON
     */
    public Uni<Reply> patch(CallScope scope, int id, String version, byte[] patch) {
        return Write.of(
                products, scope, carried -> rest.patch(id, version, patch, carried), call -> guarded(call.onlyOnce()));
    }

    @Override
    public void shared(CallScope scope, Throwable failure) {
        products.shared(scope, failure, this::guarded);
    }

    @Override
    public @Nullable CallFailure refusal() {
        return products.refusal();
    }

    @Accounted
    @Retry(delay = 0, jitter = 0, retryOn = CallFailure.Retryable.class, abortOn = CircuitBreakerOpenException.class)
    @CircuitBreaker(skipOn = CallFailure.Uncounted.class)
    @CircuitBreakerName("products")
    @Timeout
    <T> Uni<T> guarded(GuardedCall<T> call) {
        return call.attempt();
    }

    private static Buffer object(Reply reply) {
        return one(reply, JsonToken.START_OBJECT, "product");
    }

    private static Buffer list(Reply reply) {
        return one(reply, JsonToken.START_ARRAY, "list");
    }

    /** The body if it is one JSON value that begins so. */
    private static Buffer one(Reply reply, JsonToken begin, String what) {
        try (JsonParser json = JSON.createParser(reply.body().getBytes())) {
            if (json.nextToken() == begin) {
                json.skipChildren();
                if (json.nextToken() == null) {
                    return reply.body();
                }
            }
        } catch (IOException e) {
            throw new CallFailure.Retryable("no " + what + ": broken JSON", e);
        }
        throw new CallFailure.Retryable("no " + what + ": unexpected JSON", null);
    }

    private static int next(Reply reply) {
        String link = reply.headers().get("Link");
        if (link == null) {
            return 0;
        }
        Matcher matcher = NEXT.matcher(link);
        return matcher.find() ? (int) Math.min(Integer.MAX_VALUE, Long.parseLong(matcher.group(1))) : 0;
    }
}
