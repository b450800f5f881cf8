package org.vitrina.persistence.idempotency;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.function.Supplier;

/** The records in the service's own database. All of it but the erasure works in the caller's transaction. */
@ApplicationScoped
public class IdempotencyRecords {
    /** A claim within one transaction: concurrent requests see it when it is decided, so its lease is never looked at. */
    private static final Duration NO_LEASE = Duration.ZERO;

    private final IdempotencyRepository repository;
    private final IdempotencyPurge purge;

    IdempotencyRecords(IdempotencyRepository repository, IdempotencyPurge purge) {
        this.repository = repository;
        this.purge = purge;
    }

    /**
     * Makes a change that is part of the caller's transaction, unless it was made before.
     *
     * @param change to be made once; when it fails, and the transaction with it, the key is free again
     * @return its answer, or the one that was kept; fails with 422 where the key stands for something else, and with 409
     *     where a claim with a lease holds it
     */
    public Uni<KeptAnswer> once(KeyScope scope, Fingerprint fingerprint, Supplier<Uni<KeptAnswer>> change) {
        return claim(scope, fingerprint, NO_LEASE).chain(claim -> switch (claim) {
            case Claim.Mine() -> change.get().call(answer -> keep(scope, answer));
            case Claim.Made(KeptAnswer answer) -> Uni.createFrom().item(answer);
            case Claim.Running() -> Uni.createFrom().<KeptAnswer>failure(KeyProblems.inProgress());
            case Claim.OtherRequest() -> Uni.createFrom().<KeptAnswer>failure(KeyProblems.keyReused());
        });
    }

    /**
     * Claims the key for {@code lease}, by the database's clock; after that another request of the same fingerprint may
     * claim it, as the claimant is taken to be dead. A claim that another transaction is making at this moment is waited for.
     */
    public Uni<Claim> claim(KeyScope scope, Fingerprint fingerprint, Duration lease) {
        purge.begin();
        return repository
                .claim(scope, fingerprint, lease)
                .chain(claimed ->
                        claimed ? Uni.createFrom().<Claim>item(new Claim.Mine()) : standing(scope, fingerprint, lease));
    }

    private Uni<Claim> standing(KeyScope scope, Fingerprint fingerprint, Duration lease) {
        return repository
                .read(scope)
                .chain(row -> row.isPresent()
                        ? Uni.createFrom().item(standing(row.orElseThrow(), fingerprint))
                        // freed between the two statements
                        : claim(scope, fingerprint, lease));
    }

    private static Claim standing(Object[] row, Fingerprint fingerprint) {
        if (!fingerprint.is((byte[]) row[0])) {
            return new Claim.OtherRequest();
        }
        return row[1] == null
                ? new Claim.Running()
                : new Claim.Made(new KeptAnswer((Integer) row[1], String.valueOf(row[2]), true));
    }

    /** Keeps the answer of a claimed change. */
    public Uni<Void> keep(KeyScope scope, KeptAnswer answer) {
        return repository.keep(scope, answer);
    }

    /** Gives the key back: the next request with it begins anew. */
    public Uni<Void> free(KeyScope scope) {
        return repository.free(scope);
    }

    /**
     * Takes out of a user's records, outside any transaction, what was asked and answered: how many it were. The keys stay
     * taken until their records are too old, so that nothing is done twice: a repetition gets 422.
     */
    public Uni<Integer> erase(int userId) {
        return repository.erase(userId);
    }
}
