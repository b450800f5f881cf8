package org.vitrina.wallet;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.vitrina.core.CrashPoint;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.Money;
import org.vitrina.core.ProblemException;
import org.vitrina.http.Erasure;
import org.vitrina.http.IdempotencyKey;
import org.vitrina.persistence.idempotency.Fingerprint;
import org.vitrina.persistence.idempotency.KeyScope;
import org.vitrina.persistence.trail.AuditTrail;
import org.vitrina.runtime.WorkDeadline;

/** Keeps what users can spend: an order takes its money once, and gets it back once. */
@ApplicationScoped
class WalletService {
    static final ErrorCode INSUFFICIENT_FUNDS = new ErrorCode("insufficient-funds", 402, false, "Not enough money");
    static final ErrorCode DEBIT_DIFFERS = new ErrorCode("debit-differs", 409, false, "Another debit of this order");
    static final ErrorCode CANCELLED = new ErrorCode("cancelled", 409, false, "Cancelled");

    private static final String CURRENCY = "RUB";
    private static final String TOP_UP = "top-up";

    private final WalletRepository repository;
    private final boolean canTopUp;

    WalletService(WalletRepository repository, WalletConfig config) {
        this.repository = repository;
        this.canTopUp = config.demoTopUp();
    }

    Uni<Wallet> of(int userId) {
        return repository
                .balance(userId)
                .map(balance ->
                        new Wallet(balance.map(Money::new).orElse(Money.ZERO), CURRENCY, canTopUp ? true : null));
    }

    /** Pays in once for the key; a repetition is told the balance of then. */
    Uni<ToppedUp> topUp(int userId, IdempotencyKey key, Money amount) {
        if (amount.compareTo(Money.ZERO) == 0) {
            throw new ProblemException(
                    ErrorCode.VALIDATION,
                    "A top-up is at least 0.01.",
                    Map.of("violations", List.of(Map.of("field", "amount", "message", "must be greater than 0"))),
                    Map.of());
        }
        CrashPoint.reached("wallet.before-top-up");
        return repository
                .topUp(
                        new KeyScope(userId, TOP_UP, key.value(), key.quoted(), key.sentQuoted()),
                        Fingerprint.of(amount),
                        amount.amount())
                .invoke(done -> CrashPoint.reached("wallet.after-top-up"))
                .map(answer -> new ToppedUp(Money.parse(answer.body()), answer.replayed()));
    }

    /** True when the money was taken by this very call, false when an equal one had taken it. */
    Uni<Boolean> debit(int userId, UUID orderId, Money amount) {
        CrashPoint.reached("wallet.before-debit");
        return repository
                .take(userId, orderId, amount.amount())
                .invoke(ended -> CrashPoint.reached("wallet.after-debit"))
                .map(ended -> switch (ended) {
                    case TAKEN -> true;
                    case SAME -> false;
                    case DIFFERS ->
                        throw new ProblemException(
                                DEBIT_DIFFERS, "Order " + orderId + " has a debit of another amount or wallet.");
                    case CANCELLED ->
                        throw new ProblemException(
                                CANCELLED, "Order " + orderId + " was cancelled; its money stays in the wallet.");
                    case INSUFFICIENT ->
                        throw new ProblemException(
                                INSUFFICIENT_FUNDS,
                                "There is less than " + amount + " in the wallet; nothing was taken.");
                });
    }

    /** Money stays as it is booked; what was asked and answered with a key goes. */
    Uni<Erasure> erase(int userId) {
        return repository
                .erase(userId)
                .map(answers -> new Erasure(
                        Map.of("answers", answers.longValue()),
                        List.of(
                                "balance, ledger entries and debits: the books, which must add up",
                                "idempotency keys, without what they stood for, until they are too old:"
                                        + " nothing is paid in twice",
                                AuditTrail.KEPT)));
    }

    /** Gives back what the order took, if anything, and keeps it from taking again: no deadline cuts that short. */
    Uni<Void> cancelDebit(int userId, UUID orderId) {
        CrashPoint.reached("wallet.before-refund");
        return WorkDeadline.lifted(repository.giveBack(userId, orderId))
                .invoke(done -> {
                    CrashPoint.reached("wallet.after-refund");
                    if (!done) {
                        throw new ProblemException(
                                DEBIT_DIFFERS, "Order " + orderId + " took from another wallet; nothing was changed.");
                    }
                })
                .replaceWithVoid();
    }
}
