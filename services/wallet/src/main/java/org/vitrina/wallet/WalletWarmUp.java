package org.vitrina.wallet;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.unchecked.Unchecked;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.vitrina.core.Money;
import org.vitrina.core.ProblemException;
import org.vitrina.persistence.RolledBack;
import org.vitrina.runtime.WarmUp;

/** Reads a wallet and goes the way of a debit, which leaves nothing behind, before the service is ready. */
@ApplicationScoped
class WalletWarmUp extends WarmUp {
    private static final int ANYBODY = 1;
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
                .call(read -> RolledBack.of(() -> wallets.debit(anybody(), UUID.randomUUID(), ANYTHING))
                        .onFailure(WalletWarmUp::isRefused)
                        .recoverWithNull());
    }

    /** Whose wallet is locked for a moment, if that user has one: not the same one at each start. */
    private static int anybody() {
        return ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
    }

    private static boolean isRefused(Throwable failure) {
        return failure instanceof ProblemException problem && problem.code().equals(WalletService.INSUFFICIENT_FUNDS);
    }
}
