package org.vitrina.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.List;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jspecify.annotations.Nullable;
import org.vitrina.client.Accounted;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.DependencyConfig;
import org.vitrina.client.GuardedCall;
import org.vitrina.client.Replies;
import org.vitrina.client.Reply;
import org.vitrina.client.Upstream;
import org.vitrina.client.Upstreams;
import org.vitrina.core.Deadline;

/** The guarded face of the metrics service, of which the retraining learns. */
@ApplicationScoped
class MetricsClient {
    private static final int PAGE = 1_000;

    private final MetricsRestClient rest;
    private final Upstream metrics;
    private final DependencyConfig config;
    private final Vertx vertx;
    private final ObjectMapper json;

    MetricsClient(
            @RestClient MetricsRestClient rest,
            Upstreams upstreams,
            ModelConfig config,
            Vertx vertx,
            ObjectMapper json) {
        this.rest = rest;
        this.config = config.retraining().metrics();
        this.metrics = upstreams.upstream("metrics", this.config);
        this.vertx = vertx;
        this.json = json;
    }

    /** What metrics answers; further fields are ignored. */
    @RegisterForReflection // read by hand
    record Pair(long position, double truth, @Nullable List<Double> features) {}

    /** The pairs that follow this position, oldest first; none at the end. */
    Uni<List<Pair>> pairs(long after) {
        CallScope scope = CallScope.until(vertx, Deadline.in(config.timeout()), false, CallScope.Carried.NONE);
        return guarded(metrics.rest(scope, carried -> rest.pairs(PAGE, after, carried)))
                .map(this::pairs);
    }

    @Accounted
    @Retry(delay = 0, jitter = 0, retryOn = CallFailure.Retryable.class, abortOn = CircuitBreakerOpenException.class)
    @CircuitBreaker(skipOn = CallFailure.Uncounted.class)
    @CircuitBreakerName("metrics")
    @Timeout
    <T> Uni<T> guarded(GuardedCall<T> call) {
        return call.attempt();
    }

    private List<Pair> pairs(Reply reply) {
        try {
            return List.of(json.readValue(Replies.ok("metrics", reply).body().getBytes(), Pair[].class));
        } catch (IOException e) {
            throw new IllegalStateException("metrics did not answer with pairs", e);
        }
    }
}
