package org.vitrina.bff.wallet;

import io.quarkus.runtime.Startup;
import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.upstream.Write;
import org.vitrina.client.Accounted;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.GuardedCall;
import org.vitrina.client.Reply;
import org.vitrina.client.Upstream;
import org.vitrina.client.Upstreams;

/** The guarded face of the wallet service. */
@Startup
@ApplicationScoped
public class WalletClient {
    private final WalletRestClient rest;
    private final Upstream wallet;

    WalletClient(@RestClient WalletRestClient rest, Upstreams upstreams, BffConfig config) {
        this.rest = rest;
        this.wallet = upstreams.upstream("wallet", config.wallet());
    }

    /** The service's own answer, whatever its status below 500. */
    public Uni<Reply> balance(CallScope scope, int user) {
        return guarded(
                wallet.rest(scope, carried -> rest.balance(user, carried)).hedged());
    }

    /** @param amount the JSON body as the caller sent it, done once for each key */
    public Uni<Reply> topUp(CallScope scope, int user, String key, byte[] amount) {
        return topUp(scope, user, key, amount, () -> {});
    }

    /** @param tried called before each try: the answer to a later one may repeat that of our own first */
    public Uni<Reply> topUp(CallScope scope, int user, String key, byte[] amount, Runnable tried) {
        return Write.of(
                wallet,
                scope,
                carried -> {
                    tried.run();
                    return rest.topUp(user, key, amount, carried);
                },
                this::guarded);
    }

    @Accounted
    @Retry(delay = 0, jitter = 0, retryOn = CallFailure.Retryable.class, abortOn = CircuitBreakerOpenException.class)
    @CircuitBreaker(skipOn = CallFailure.Uncounted.class)
    @CircuitBreakerName("wallet")
    @Timeout
    <T> Uni<T> guarded(GuardedCall<T> call) {
        return call.attempt();
    }
}
