package org.vitrina.bff.wallet;

import io.quarkus.runtime.Startup;
import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.upstream.Upstreams;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.GuardedCall;
import org.vitrina.client.HttpTransport;
import org.vitrina.client.Reply;
import org.vitrina.client.Upstream;

/** The guarded face of the wallet service. */
@Startup
@ApplicationScoped
public class WalletClient {
    private final WalletAttempts attempts;
    private final Upstream upstream;
    private final HttpTransport http;

    WalletClient(WalletAttempts attempts, Upstreams upstreams, BffConfig config) {
        this.attempts = attempts;
        this.upstream = upstreams.upstream("wallet", config.wallet());
        this.http = upstreams.transport(config.wallet());
    }

    /** The service's own answer, whatever its status below 500. */
    Uni<Reply> balance(CallScope scope, int user) {
        return upstream.call(scope, () -> http.get(scope, path(user)), this::guarded);
    }

    /** @param amount the JSON body as the caller sent it, done once for each key */
    Uni<Reply> topUp(CallScope scope, int user, String key, Buffer amount) {
        Map<String, String> headers = Map.of("Idempotency-Key", key, "Content-Type", "application/json");
        return upstream.call(
                scope,
                () -> http.send(scope, HttpMethod.POST, path(user) + "/top-ups", headers, amount),
                this::guarded);
    }

    private static String path(int user) {
        return "/users/" + user + "/wallet";
    }

    @CircuitBreaker(skipOn = CallFailure.Uncounted.class)
    @CircuitBreakerName("wallet")
    <T> Uni<T> guarded(GuardedCall<T> call) {
        return attempts.make(call);
    }
}
