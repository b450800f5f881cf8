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
    public Uni<Verdict> debit(CallScope scope, int userId, UUID orderId, Money amount) {
        return Verdicts.of(
                wallet.send(scope, HttpMethod.PUT, path(userId, orderId), "{\"amount\":\"" + amount + "\"}"),
                WalletClient::debited);
    }

    /** Gives the money back, once; a debit that was not, or comes later, will not be. Never fails. */
    public Uni<Verdict> refund(CallScope scope, int userId, UUID orderId) {
        return Verdicts.of(wallet.send(scope, HttpMethod.DELETE, path(userId, orderId), null), Verdicts::undone);
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

    @PreDestroy
    void close() {
        wallet.close();
    }
}
