package org.vitrina.bff.predictions;

import io.quarkus.runtime.Startup;
import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.UUID;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.upstream.Write;
import org.vitrina.client.Accounted;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.GuardedCall;
import org.vitrina.client.Reply;
import org.vitrina.client.Upstream;
import org.vitrina.client.Upstreams;

/** The guarded face of the predictions service: its own answers, whatever their status below 500. */
@Startup
@ApplicationScoped
public class PredictionsClient {
    private final PredictionsRestClient rest;
    private final Upstream predictions;

    PredictionsClient(@RestClient PredictionsRestClient rest, Upstreams upstreams, BffConfig config) {
        this.rest = rest;
        this.predictions = upstreams.upstream("predictions", config.predictions());
    }

    /** @param known the caller's {@code If-None-Match} */
    public Uni<Reply> ofProduct(CallScope scope, int id, MultivaluedMap<String, String> query, @Nullable String known) {
        return guarded(predictions
                .rest(scope, carried -> rest.ofProduct(id, query, known, carried))
                .hedged());
    }

    Uni<Reply> ofCategory(CallScope scope, int id, MultivaluedMap<String, String> query) {
        return guarded(predictions
                .rest(scope, carried -> rest.ofCategory(id, query, carried))
                .hedged());
    }

    public Uni<Reply> request(CallScope scope, UUID id) {
        return guarded(
                predictions.rest(scope, carried -> rest.request(id, carried)).hedged());
    }

    /**
     * Asks for a prediction.
     *
     * @param key the caller's, by which a repetition is known; null: it is sent once
     * @param features the JSON body as the caller sent it
     */
    public Uni<Reply> ask(CallScope scope, @Nullable String key, byte[] features) {
        return Write.of(
                predictions,
                scope,
                carried -> rest.ask(key, features, carried),
                call -> guarded(key == null ? call.onlyOnce() : call));
    }

    @Accounted
    @Retry(delay = 0, jitter = 0, retryOn = CallFailure.Retryable.class, abortOn = CircuitBreakerOpenException.class)
    @CircuitBreaker(skipOn = CallFailure.Uncounted.class)
    @CircuitBreakerName("predictions")
    @Timeout
    <T> Uni<T> guarded(GuardedCall<T> call) {
        return call.attempt();
    }
}
