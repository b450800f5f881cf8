package org.vitrina.persistence.idempotency;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** The records in the service's own database. All of it works in the caller's transaction. */
@ApplicationScoped
public class IdempotencyRecords {
    // The update is of a dead claimant's record; the same request may go on where it ended, another must not.
    private static final String CLAIM =
            """
            INSERT INTO idempotency_record AS record (user_id, operation, key, fingerprint, lease_until)
            VALUES (?1, ?2, ?3, ?4, clock_timestamp() + cast(?5 AS bigint) * interval '1 millisecond')
            ON CONFLICT (user_id, operation, key) DO UPDATE SET lease_until = excluded.lease_until
            WHERE record.status IS NULL AND record.lease_until < clock_timestamp()
              AND record.fingerprint = excluded.fingerprint
            RETURNING 1""";

    private static final String READ =
            """
            SELECT fingerprint, cast(status AS integer), answer FROM idempotency_record
            WHERE user_id = ?1 AND operation = ?2 AND key = ?3""";

    private static final String KEEP =
            """
            UPDATE idempotency_record SET status = ?4, answer = ?5
            WHERE user_id = ?1 AND operation = ?2 AND key = ?3""";

    private static final String FREE =
            "DELETE FROM idempotency_record WHERE user_id = ?1 AND operation = ?2 AND key = ?3";

    /** A claim within one transaction: twins see it when it is decided, so its lease is never looked at. */
    private static final Duration NO_LEASE = Duration.ZERO;

    private final IdempotencyPurge purge;

    IdempotencyRecords(IdempotencyPurge purge) {
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
        return Panache.getSession()
                .chain(session -> session.createNativeQuery(CLAIM, Integer.class)
                        .setParameter(1, scope.userId())
                        .setParameter(2, scope.operation())
                        .setParameter(3, scope.key())
                        .setParameter(4, fingerprint.bytes())
                        .setParameter(5, lease.toMillis())
                        .getSingleResultOrNull())
                .chain(claimed -> claimed != null
                        ? Uni.createFrom().<Claim>item(new Claim.Mine())
                        : standing(scope, fingerprint, lease));
    }

    private Uni<Claim> standing(KeyScope scope, Fingerprint fingerprint, Duration lease) {
        return read(scope, fingerprint)
                .chain(found -> found.isPresent()
                        ? Uni.createFrom().item(found.orElseThrow())
                        // freed between the two statements
                        : claim(scope, fingerprint, lease));
    }

    private Uni<Optional<Claim>> read(KeyScope scope, Fingerprint fingerprint) {
        return Panache.getSession()
                .chain(session -> session.createNativeQuery(READ, Object[].class)
                        .setParameter(1, scope.userId())
                        .setParameter(2, scope.operation())
                        .setParameter(3, scope.key())
                        .getSingleResultOrNull())
                .map(row -> row == null ? Optional.empty() : Optional.of(standing(row, fingerprint)));
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
        return Panache.getSession()
                .chain(session -> session.createNativeQuery(KEEP)
                        .setParameter(1, scope.userId())
                        .setParameter(2, scope.operation())
                        .setParameter(3, scope.key())
                        .setParameter(4, answer.status())
                        .setParameter(5, answer.body())
                        .executeUpdate())
                .replaceWithVoid();
    }

    /** Gives the key back: the next request with it begins anew. */
    public Uni<Void> free(KeyScope scope) {
        return Panache.getSession()
                .chain(session -> session.createNativeQuery(FREE)
                        .setParameter(1, scope.userId())
                        .setParameter(2, scope.operation())
                        .setParameter(3, scope.key())
                        .executeUpdate())
                .replaceWithVoid();
    }
}
