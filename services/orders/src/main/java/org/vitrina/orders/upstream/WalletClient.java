package org.vitrina.orders.upstream;

import io.quarkus.runtime.Startup;
import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.jspecify.annotations.Nullable;
import org.vitrina.client.Accounted;
import org.vitrina.client.Call;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.Upstreams;
import org.vitrina.client.HttpTransport;
import org.vitrina.client.Reply;
import org.vitrina.client.Upstream;
import org.vitrina.core.Money;
import org.vitrina.orders.OrdersConfig;

/** The guarded face of the wallet service. All calls are idempotent by the order's id. */
@Startup
@ApplicationScoped
public class WalletClient {
    private final Upstream wallet;
    private final HttpTransport http;

    WalletClient(Upstreams upstreams, OrdersConfig config) {
        this.wallet = upstreams.upstream("wallet", config.wallet());
        this.http = upstreams.transport(config.wallet());
    }

    /** Takes the money, once. Never fails. */
    public Uni<Verdict> debit(CallScope scope, int userId, UUID orderId, Money amount) {
        return Verdicts.of(
                send(scope, HttpMethod.PUT, path(userId, orderId), "{\"amount\":\"" + amount + "\"}"),
                WalletClient::debited);
    }

    /** Gives the money back, once; a debit that was not, or comes later, will not be. Never fails. */
    public Uni<Verdict> refund(CallScope scope, int userId, UUID orderId) {
        return Verdicts.of(send(scope, HttpMethod.DELETE, path(userId, orderId), null), Verdicts::undone);
    }

    private Uni<Reply> send(CallScope scope, HttpMethod method, String path, @Nullable String json) {
        return guarded(wallet.call(scope, own -> http.send(own, method, path, json)));
    }

    @Accounted
    @Retry(delay = 0, jitter = 0, retryOn = CallFailure.Retryable.class, abortOn = CircuitBreakerOpenException.class)
    @CircuitBreaker(skipOn = CallFailure.Uncounted.class)
    @CircuitBreakerName("wallet")
    @Timeout
    <T> Uni<T> guarded(Call<T> call) {
        return call.attempt();
    }

    private static Verdict debited(Reply reply) {
        return switch (reply.status()) {
            case 200, 201 -> Verdict.DONE;
            case 402 -> new Verdict.Refused(Refusal.INSUFFICIENT_FUNDS, "");
            case 400, 409, 422 -> new Verdict.Refused(Refusal.NOT_POSSIBLE, "");
            default -> Verdict.UNKNOWN;
        };
    }

    private static String path(int userId, UUID orderId) {
        return "/users/" + userId + "/wallet/debits/" + orderId;
    }
}
