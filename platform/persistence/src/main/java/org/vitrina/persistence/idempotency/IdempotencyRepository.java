package org.vitrina.persistence.idempotency;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;
import org.vitrina.persistence.Sql;

/** The table of keys. All but the purge and the erasure works in the caller's Hibernate transaction. */
@Singleton
class IdempotencyRepository {
    // The update is of a dead claimant's record; the same request may go on where it ended, another must not.
    private static final String CLAIM =
            """
            INSERT INTO idempotency_record AS record (user_id, operation, key, fingerprint, lease_until)
            SELECT cast(?1 AS integer), cast(?2 AS text), cast(?3 AS text), cast(?5 AS bytea),
                clock_timestamp() + cast(?6 AS bigint) * interval '1 millisecond'
            WHERE NOT EXISTS (
                SELECT FROM idempotency_record earlier
                WHERE earlier.user_id = ?1 AND earlier.operation = ?2 AND earlier.key = ?4)
            ON CONFLICT (user_id, operation, key) DO UPDATE SET lease_until = excluded.lease_until
            WHERE record.status IS NULL AND record.lease_until < clock_timestamp()
              AND record.fingerprint = excluded.fingerprint
            RETURNING 1""";

    private static final String READ =
            """
            SELECT fingerprint, cast(status AS integer), answer FROM idempotency_record
            WHERE user_id = ?1 AND operation = ?2 AND key IN (?3, ?4)
            ORDER BY key = ?5 DESC LIMIT 1""";

    private static final String KEEP =
            """
            UPDATE idempotency_record SET status = ?4, answer = ?5
            WHERE user_id = ?1 AND operation = ?2 AND key = ?3""";

    private static final String FREE =
            "DELETE FROM idempotency_record WHERE user_id = ?1 AND operation = ?2 AND key = ?3";

    private static final String PURGE =
            """
            DELETE FROM idempotency_record WHERE (user_id, operation, key) IN (
                SELECT user_id, operation, key FROM idempotency_record
                WHERE created_at < now() - $1::bigint * interval '1 millisecond'
                  AND (status IS NOT NULL OR lease_until < now())
                ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)""";

    // what is compared with no request is equal to none
    private static final String ERASE =
            """
            UPDATE idempotency_record SET fingerprint = '', answer = left(answer, 0)
            WHERE user_id = $1 AND (fingerprint <> '' OR answer <> '')""";

    private final Sql sql;

    IdempotencyRepository(Sql sql) {
        this.sql = sql;
    }

    /** Whether the key is the caller's from now on. */
    Uni<Boolean> claim(KeyScope scope, Fingerprint fingerprint, Duration lease) {
        return Panache.getSession()
                .chain(session -> of(scope, session.createNativeQuery(CLAIM, Integer.class))
                        .setParameter(4, scope.quoted())
                        .setParameter(5, fingerprint.bytes())
                        .setParameter(6, lease.toMillis())
                        .getSingleResultOrNull())
                .map(claimed -> claimed != null);
    }

    /** Fingerprint, status and answer of the key's record. */
    Uni<Optional<Object[]>> read(KeyScope scope) {
        return Panache.getSession()
                .chain(session -> of(scope, session.createNativeQuery(READ, Object[].class))
                        .setParameter(4, scope.quoted())
                        .setParameter(5, scope.sentQuoted() ? scope.quoted() : scope.key())
                        .getSingleResultOrNull())
                .map(Optional::ofNullable);
    }

    Uni<Void> keep(KeyScope scope, KeptAnswer answer) {
        return Panache.getSession()
                .chain(session -> of(scope, session.createNativeQuery(KEEP))
                        .setParameter(4, answer.status())
                        .setParameter(5, answer.body())
                        .executeUpdate())
                .replaceWithVoid();
    }

    Uni<Void> free(KeyScope scope) {
        return Panache.getSession()
                .chain(session -> of(scope, session.createNativeQuery(FREE)).executeUpdate())
                .replaceWithVoid();
    }

    /** Removes some that are older than that: how many it were. */
    Uni<Integer> purge(Duration keep, int most) {
        return sql.update(PURGE, Tuple.of(keep.toMillis(), most));
    }

    /** Takes out of a user's records what was asked and answered: how many it were. */
    Uni<Integer> erase(int userId) {
        return sql.update(ERASE, Tuple.of(userId));
    }

    private static <T extends Mutiny.AbstractQuery> T of(KeyScope scope, T query) {
        query.setParameter(1, scope.userId());
        query.setParameter(2, scope.operation());
        query.setParameter(3, scope.key());
        return query;
    }
}
