package org.vitrina.persistence.trail;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vitrina.persistence.Sql;

/** The table {@code audit_trail}, which nothing but {@code add_to_audit_trail} adds to. */
@Singleton
class AuditTrailRepository {
    private static final String PAGE = "SELECT * FROM audit_trail WHERE position < $1";
    private static final String OF_USER = " AND user_id = $3";
    private static final String NEWEST_FIRST = " ORDER BY position DESC LIMIT $2";

    // the oldest ones are the first by position: a look at them needs no index of times
    private static final String PURGE =
            """
            DELETE FROM audit_trail WHERE position IN (
                SELECT position FROM (SELECT * FROM audit_trail ORDER BY position LIMIT $2) AS oldest
                WHERE done_at < now() - $1::bigint * interval '1 millisecond')""";

    private final Sql sql;

    AuditTrailRepository(Sql sql) {
        this.sql = sql;
    }

    /** Those before that position, newest first; of one user's things where {@code userId} is given. */
    Uni<List<AuditEntry>> page(long before, @Nullable Integer userId, int most) {
        Tuple parameters = Tuple.of(before, most);
        return userId == null
                ? sql.list(PAGE + NEWEST_FIRST, parameters, AuditTrailRepository::entry)
                : sql.list(PAGE + OF_USER + NEWEST_FIRST, parameters.addInteger(userId), AuditTrailRepository::entry);
    }

    /** Removes some that are older than that: how many it were. */
    Uni<Integer> purge(Duration keep, int most) {
        return sql.update(PURGE, Tuple.of(keep.toMillis(), most));
    }

    private static AuditEntry entry(Row row) {
        return new AuditEntry(
                row.getLong("position"),
                row.getOffsetDateTime("done_at").toInstant(),
                row.getString("actor"),
                row.getString("trace_id"),
                row.getString("action"),
                row.getString("subject"),
                row.getInteger("user_id"),
                row.getString("detail"));
    }
}
