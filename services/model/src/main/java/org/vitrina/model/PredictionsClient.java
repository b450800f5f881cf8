package org.vitrina.model;

import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.rest.client.inject.RestClient;
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

/** The guarded face of the predictions service, which keeps a classifier's parameters. */
@ApplicationScoped
class PredictionsClient {
    private static final int NOT_FOUND = 404;

    private final PredictionsRestClient rest;
    private final Upstream predictions;
    private final DependencyConfig config;
    private final Vertx vertx;

    PredictionsClient(@RestClient PredictionsRestClient rest, Upstreams upstreams, ModelConfig config, Vertx vertx) {
        this.rest = rest;
        this.config = config.retraining().predictions();
        this.predictions = upstreams.upstream("predictions", this.config);
        this.vertx = vertx;
    }

    /** The classifier's weights; those that it has not are 0, as are all of one that is not there. */
    Uni<Penalty> classifier(int id) {
        CallScope scope = CallScope.until(vertx, Deadline.in(config.timeout()), false, CallScope.Carried.NONE);
        return guarded(predictions.rest(scope, carried -> rest.classifier(id, carried)))
                .map(PredictionsClient::penalty);
    }

    private static Penalty penalty(Reply reply) {
        if (reply.status() == NOT_FOUND) {
            return Penalty.NONE;
        }
        JsonObject classifier = Replies.object("predictions", reply);
        return new Penalty(classifier.getDouble("L1", 0.0), classifier.getDouble("L2", 0.0));
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
