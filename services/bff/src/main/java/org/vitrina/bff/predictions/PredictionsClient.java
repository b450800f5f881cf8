package org.vitrina.bff.predictions;

import io.quarkus.runtime.Startup;
import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.upstream.Upstreams;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.GuardedCall;
import org.vitrina.client.HttpTransport;
import org.vitrina.client.Reason;
import org.vitrina.client.Reply;
import org.vitrina.client.Upstream;

/** The guarded face of the predictions service. */
@Startup
@ApplicationScoped
public class PredictionsClient {
    private static final String PATH = "/predictions/";

    private final PredictionsAttempts attempts;
    private final Upstream upstream;
    private final HttpTransport http;

    PredictionsClient(PredictionsAttempts attempts, Upstreams upstreams, BffConfig config) {
        this.attempts = attempts;
        this.upstream = upstreams.upstream("predictions", config.predictions());
        this.http = upstreams.transport(config.predictions());
    }

    /**
     * The service's own answer, whatever its status below 500.
     *
     * @param rest path below {@code /predictions/} and query
     */
    Uni<Reply> read(CallScope scope, String rest, Map<String, String> headers) {
        return upstream.call(scope, () -> http.send(scope, HttpMethod.GET, PATH + rest, headers, null), this::guarded);
    }

    /**
     * Asks for a prediction.
     *
     * @param key the caller's, by which a repetition is known; null: it is sent once
     */
    Uni<Reply> ask(CallScope scope, @Nullable String key, Buffer features) {
        Map<String, String> headers = new HashMap<>(Map.of("Content-Type", "application/json"));
        if (key != null) {
            headers.put("Idempotency-Key", key);
        }
        return upstream.call(
                scope,
                () -> {
                    Uni<Reply> once = http.send(scope, HttpMethod.POST, PATH + "requests", headers, features);
                    return key == null ? notAgain(once) : once;
                },
                this::guarded);
    }

    private static Uni<Reply> notAgain(Uni<Reply> once) {
        return once.onFailure(failure -> !(failure instanceof CallFailure) || failure instanceof CallFailure.Retryable)
                // without its cause, as the retry looks at causes too
                .transform(
                        failure -> new CallFailure.Final(Reason.ERROR, "predictions: " + failure.getMessage(), null));
    }

    @CircuitBreaker(skipOn = CallFailure.Uncounted.class)
    @CircuitBreakerName("predictions")
    <T> Uni<T> guarded(GuardedCall<T> call) {
        return attempts.make(call);
    }
}
