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
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.GuardedCall;
import org.vitrina.client.HttpTransport;
import org.vitrina.client.Reply;
import org.vitrina.client.Upstream;
import org.vitrina.client.Upstreams;
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
    public Uni<StepOutcome> debit(CallScope scope, int userId, UUID orderId, Money amount) {
        return StepOutcomes.of(
                send(scope, HttpMethod.PUT, path(userId, orderId), "{\"amount\":\"" + amount + "\"}"),
                WalletClient::debited);
    }

    /** Gives the money back, once; a debit that was not, or comes later, will not be. Never fails. */
    public Uni<StepOutcome> refund(CallScope scope, int userId, UUID orderId) {
        return StepOutcomes.of(send(scope, HttpMethod.DELETE, path(userId, orderId), null), StepOutcomes::undone);
    }

    private Uni<Reply> send(CallScope scope, HttpMethod method, String path, @Nullable String json) {
        return guarded(wallet.call(scope, own -> http.send(own, method, path, json)));
    }

    @Accounted
    @Retry(delay = 0, jitter = 0, retryOn = CallFailure.Retryable.class, abortOn = CircuitBreakerOpenException.class)
    @CircuitBreaker(skipOn = CallFailure.Uncounted.class)
    @CircuitBreakerName("wallet")
    @Timeout
    <T> Uni<T> guarded(GuardedCall<T> call) {
        return call.attempt();
    }

    private static StepOutcome debited(Reply reply) {
        return switch (reply.status()) {
            case 200, 201 -> StepOutcome.DONE;
            case 402 -> new StepOutcome.Refused(RejectionReason.INSUFFICIENT_FUNDS, "");
            case 400, 409, 422 -> new StepOutcome.Refused(RejectionReason.NOT_POSSIBLE, "");
            default -> StepOutcome.UNKNOWN;
        };
    }

    private static String path(int userId, UUID orderId) {
        return "/users/" + userId + "/wallet/debits/" + orderId;
    }
}
