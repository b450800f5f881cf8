package org.vitrina.bff.predictions;

import io.quarkus.runtime.Startup;
import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.upstream.Queries;
import org.vitrina.bff.upstream.Write;
import org.vitrina.client.Accounted;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.GuardedCall;
import org.vitrina.client.HttpTransport;
import org.vitrina.client.Reply;
import org.vitrina.client.ServerSentEvent;
import org.vitrina.client.Upstream;
import org.vitrina.client.Upstreams;

/** The guarded face of the predictions service: its own answers, whatever their status below 500. */
@Startup
@ApplicationScoped
public class PredictionsClient {
    private final PredictionsRestClient rest;
    private final Upstream predictions;
    private final HttpTransport http;

    PredictionsClient(@RestClient PredictionsRestClient rest, Upstreams upstreams, BffConfig config) {
        this.rest = rest;
        this.predictions = upstreams.upstream("predictions", config.predictions());
        this.http = upstreams.transport(config.predictions());
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

    Uni<Reply> score(CallScope scope, int user, MultivaluedMap<String, String> query) {
        return guarded(predictions
                .rest(scope, carried -> rest.score(user, query, carried))
                .hedged());
    }

    /** @param known the caller's {@code If-None-Match} */
    Uni<Reply> classifier(CallScope scope, int id, @Nullable String known) {
        return guarded(predictions
                .rest(scope, carried -> rest.classifier(id, known, carried))
                .hedged());
    }

    /** What becomes of a request, as it comes; see {@link HttpTransport#events}. */
    Multi<ServerSentEvent> events(CallScope scope, UUID id, @Nullable String lastSeen) {
        return events(scope, "/predictions/requests/" + id + "/events", lastSeen);
    }

    /** The answers to a client, as they come. */
    Multi<ServerSentEvent> clientEvents(CallScope scope, UUID client, @Nullable String lastSeen) {
        return events(scope, "/predictions/requests/events?client=" + client, lastSeen);
    }

    private Multi<ServerSentEvent> events(CallScope scope, String path, @Nullable String lastSeen) {
        return http.events(scope.carried(), path, lastSeen == null ? Map.of() : Map.of("Last-Event-ID", lastSeen));
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
        return ask(scope, Queries.NONE, key, features);
    }

    /** @param query {@code client}: who is told the answer with all others of its own */
    Uni<Reply> ask(CallScope scope, MultivaluedMap<String, String> query, @Nullable String key, byte[] features) {
        return Write.of(
                predictions,
                scope,
                carried -> rest.ask(query, key, features, carried),
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
