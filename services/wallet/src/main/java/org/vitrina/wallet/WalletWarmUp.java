package org.vitrina.wallet;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.unchecked.Unchecked;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.vitrina.core.Money;
import org.vitrina.core.ProblemException;
import org.vitrina.runtime.WarmUp;

/** Reads a wallet and goes the way of a debit before the service is ready. */
@ApplicationScoped
class WalletWarmUp extends WarmUp {
    private static final int ANYBODY = 1;

    /** No user's id: whoever it is has no wallet, so that nothing is taken. */
    private static final int NOBODY = 0;

    private static final UUID NO_ORDER = new UUID(0, 0);
    private static final Money ANYTHING = Money.parse("0.01");

    private final WalletService wallets;
    private final ObjectMapper json;

    WalletWarmUp(WalletService wallets, ObjectMapper json) {
        this.wallets = wallets;
        this.json = json;
    }

    @Override
    public String name() {
        return "wallets";
    }

    @Override
    protected Uni<?> work() {
        return wallets.of(ANYBODY)
                .invoke(Unchecked.consumer(json::writeValueAsBytes))
                .call(read -> wallets.debit(NOBODY, NO_ORDER, ANYTHING)
                        .onFailure(WalletWarmUp::isRefused)
                        .recoverWithNull());
    }

    private static boolean isRefused(Throwable failure) {
        return failure instanceof ProblemException problem && problem.code().equals(WalletService.INSUFFICIENT_FUNDS);
    }
}
