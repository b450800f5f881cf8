package org.vitrina.orders.upstream;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.UUID;
import org.vitrina.client.CallScope;
import org.vitrina.client.Reply;
import org.vitrina.core.Money;
import org.vitrina.orders.OrdersConfig;

/** The guarded face of the wallet service. All calls are idempotent by the order's id. */
@Singleton
public class WalletClient {
    private final GuardedService wallet;

    WalletClient(OrdersConfig config, Vertx vertx, MeterRegistry registry) {
        this.wallet = new GuardedService("wallet", config.wallet(), vertx, registry);
    }

    /** Takes the money, once. Never fails. */
    public Uni<StepOutcome> debit(CallScope scope, int userId, UUID orderId, Money amount) {
        return StepOutcomes.of(
                wallet.send(scope, HttpMethod.PUT, path(userId, orderId), "{\"amount\":\"" + amount + "\"}"),
                WalletClient::debited);
    }

    /** Gives the money back, once; a debit that was not, or comes later, will not be. Never fails. */
    public Uni<StepOutcome> refund(CallScope scope, int userId, UUID orderId) {
        return StepOutcomes.of(
                wallet.send(scope, HttpMethod.DELETE, path(userId, orderId), null), StepOutcomes::undone);
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

    @PreDestroy
    void close() {
        wallet.close();
    }
}
