package org.vitrina.wallet;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.vitrina.core.CrashPoint;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.persistence.idempotency.Fingerprint;
import org.vitrina.persistence.idempotency.IdempotencyRecords;
import org.vitrina.persistence.idempotency.KeptAnswer;
import org.vitrina.persistence.idempotency.KeyScope;
import org.vitrina.persistence.trail.AuditTrail;

/**
 * Wallets in PostgreSQL. What moves money is a function there (one statement, one round trip, a transaction by itself), and
 * may be repeated on another connection, since a debit and its cancellation are idempotent.
 */
@ApplicationScoped
class WalletRepository implements PanacheRepositoryBase<WalletEntity, Integer> {
    private static final ErrorCode FULL = new ErrorCode("wallet-full", 409, false, "The wallet is full");
    private static final String MOST = "999999999999.99";
    private static final int CREATED = 201;

    private static final String BALANCE = "select balance from WalletEntity where userId = ?1";
    private static final String TAKE = "SELECT take_for_order(?1, ?2, ?3) FROM " + AuditTrail.by("?4");
    private static final String PAY_IN = "SELECT pay_in(?1, 'top-ups', ?2) FROM " + AuditTrail.by("?3");
    private static final String GIVE_BACK = "SELECT give_back(?1, ?2) FROM " + AuditTrail.by("?3");

    // Others that purge at the same time take other rows.
    private static final String PURGE =
            """
            DELETE FROM debit WHERE order_id = ANY (ARRAY(
                SELECT order_id FROM debit
                WHERE amount IS NULL AND cancelled_at < now() - make_interval(secs => ?1)
                LIMIT ?2 FOR UPDATE SKIP LOCKED))""";

    private static final String COUNT = "SELECT count_books(?1, ?2)";

    // What each wallet holds beside what the ledger and the debits say that it holds, the old ones of which are in
    // sums.
    // One statement sees one instant, and each move is whole or not there: a difference is one at any time.
    private static final String PIECE_OF_THE_BOOKS =
            """
            WITH piece AS (
                SELECT kept.user_id, balance,
                       entries.entries + coalesce(old.entries, 0) AS entries,
                       entries.opening + coalesce(old.opening, 0) AS opening,
                       entries.top_ups + coalesce(old.top_ups, 0) AS top_ups,
                       entries.sales + coalesce(old.sales, 0) AS sales,
                       debits.standing + coalesce(old.standing, 0) AS standing,
                       debits.given_back + coalesce(old.given_back, 0) AS given_back,
                       debits.taken + coalesce(old.taken, 0) AS taken
                FROM (SELECT user_id, balance FROM wallet WHERE user_id > ?1 ORDER BY user_id LIMIT ?2) AS kept
                LEFT JOIN counted_books AS old ON old.user_id = kept.user_id
                CROSS JOIN LATERAL (
                    SELECT count(*) AS entries,
                           coalesce(sum(amount) FILTER (WHERE house_account = 'opening'), 0) AS opening,
                           coalesce(sum(amount) FILTER (WHERE house_account = 'top-ups'), 0) AS top_ups,
                           coalesce(sum(amount) FILTER (WHERE house_account = 'sales'), 0) AS sales
                    FROM ledger_entry WHERE ledger_entry.user_id = kept.user_id AND NOT counted) AS entries
                CROSS JOIN LATERAL (
                    SELECT count(*) FILTER (WHERE cancelled_at IS NULL) AS standing,
                           count(*) FILTER (WHERE cancelled_at IS NOT NULL) AS given_back,
                           coalesce(sum(amount) FILTER (WHERE cancelled_at IS NULL), 0) AS taken
                    FROM debit WHERE debit.user_id = kept.user_id AND NOT counted AND amount IS NOT NULL) AS debits
            )
            SELECT count(*), coalesce(max(user_id), 0), coalesce(sum(entries), 0),
                   coalesce(sum(balance), 0), coalesce(sum(opening), 0), coalesce(sum(top_ups), 0), coalesce(sum(sales), 0),
                   coalesce(sum(standing), 0), coalesce(sum(given_back), 0),
                   string_agg('user ' || user_id || ' holds ' || balance || ', the ledger says '
                           || opening + top_ups + sales, chr(10))
                       FILTER (WHERE balance <> opening + top_ups + sales),
                   string_agg('user ' || user_id || ' has paid ' || -sales || ' for orders, the debits say ' || taken, chr(10))
                       FILTER (WHERE taken <> -sales)
            FROM piece""";

    private static final String TOMBSTONES = "SELECT count(*) FROM debit WHERE amount IS NULL";

    private final IdempotencyRecords records;
    private final AuditTrail trail;

    WalletRepository(IdempotencyRecords records, AuditTrail trail) {
        this.records = records;
        this.trail = trail;
    }

    /** What the user can spend; empty where no money ever came. */
    @WithSession
    Uni<Optional<BigDecimal>> balance(int userId) {
        return getSession()
                .chain(session -> session.createQuery(BALANCE, BigDecimal.class)
                        .setParameter(1, userId)
                        .getSingleResultOrNull())
                .map(Optional::ofNullable);
    }

    @WithSession
    Uni<DebitOutcome> take(int userId, UUID orderId, BigDecimal amount) {
        return getSession()
                .chain(session -> session.createNativeQuery(TAKE, String.class)
                        .setParameter(1, userId)
                        .setParameter(2, orderId)
                        .setParameter(3, amount)
                        .setParameter(4, trail.deed())
                        .getSingleResult())
                .map(DebitOutcome::of);
    }

    /**
     * Pays in, unless that was done for the key: both in one transaction, so that a key without its money, or the reverse,
     * cannot be. The answer is the balance then.
     */
    @WithTransaction
    Uni<KeptAnswer> topUp(KeyScope scope, Fingerprint fingerprint, BigDecimal amount) {
        return records.once(scope, fingerprint, () -> getSession()
                .chain(session -> session.createNativeQuery(PAY_IN, BigDecimal.class)
                        .setParameter(1, scope.userId())
                        .setParameter(2, amount)
                        .setParameter(3, trail.deed())
                        .getSingleResultOrNull())
                .onItem()
                .ifNull()
                .failWith(() -> new ProblemException(FULL, "A wallet holds at most " + MOST + "; nothing was paid in."))
                .invoke(balance -> CrashPoint.reached("wallet.top-up-not-committed"))
                .map(balance -> new KeptAnswer(CREATED, balance.toPlainString())));
    }

    /** Takes out of a user's keys what they stand for; how many it were. */
    Uni<Integer> erase(int userId) {
        return records.erase(userId);
    }

    /** False, and nothing changed, where the order took from another user's wallet. */
    @WithSession
    Uni<Boolean> giveBack(int userId, UUID orderId) {
        return getSession().chain(session -> session.createNativeQuery(GIVE_BACK, Boolean.class)
                .setParameter(1, userId)
                .setParameter(2, orderId)
                .setParameter(3, trail.deed())
                .getSingleResult());
    }

    /** Removes tombstones older than that by the database's clock, at most {@code limit}; how many there were. */
    @WithSession
    Uni<Integer> purge(Duration age, int limit) {
        return getSession().chain(session -> session.createNativeQuery(PURGE)
                .setParameter(1, (double) age.toSeconds())
                .setParameter(2, limit)
                .executeUpdate());
    }

    /** Adds what is older to the sums that the audit reads, at most {@code limit}; how many it were. */
    @WithSession
    Uni<Integer> count(Duration age, int limit) {
        return getSession().chain(session -> session.createNativeQuery(COUNT, Integer.class)
                .setParameter(1, (double) age.toSeconds())
                .setParameter(2, limit)
                .getSingleResult());
    }

    /** The books of at most {@code limit} users after {@code userId}. */
    @WithSession
    Uni<LedgerTotals> books(int userId, int limit) {
        return getSession()
                .chain(session -> session.createNativeQuery(PIECE_OF_THE_BOOKS, Object[].class)
                        .setParameter(1, userId)
                        .setParameter(2, limit)
                        .getSingleResult())
                .map(LedgerTotals::of);
    }

    /** How many cancellations keep out a debit that never was. */
    @WithSession
    Uni<Long> tombstones() {
        return getSession().chain(session -> session.createNativeQuery(TOMBSTONES, Long.class)
                .getSingleResult());
    }
}
