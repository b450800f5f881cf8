package org.vitrina.orders;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.vitrina.persistence.Sql;

/** Takes addresses and phone numbers out of orders; what the books need of them stays. */
@ApplicationScoped
class AddressRepository {
    // the clock after it: while it worked no order of the user's was accepted
    private static final String ERASE = "SELECT *, clock_timestamp() AS erased_at FROM erase_user($1)";

    // The primary key leads to the old ones; that they are old the database's clock says.
    // Those that have no address any more are not locked: every start looks at all of them.
    private static final String BLANK =
            """
            SELECT ids[cardinality(ids)] AS last, coalesce(cardinality(ids), 0) AS orders, blank_orders(told, FALSE)
            FROM (SELECT array_agg(id) AS ids,
                         array_agg(id) FILTER (WHERE shipping_to <> '' OR phone IS NOT NULL) AS told FROM (
                SELECT id, shipping_to, phone FROM customer_order
                WHERE id > $1 AND id < $2 AND step = 'none' AND created_at < now() - $3 * INTERVAL '1 millisecond'
                ORDER BY id LIMIT $4) AS portion) AS old""";

    private final Sql sql;

    AddressRepository(Sql sql) {
        this.sql = sql;
    }

    /**
     * What came of erasing a user's orders.
     *
     * @param unsettled orders for which something is still to be done: with any, nothing was erased
     * @param blanked orders that lost something
     * @param kept orders that the user has
     * @param at when, by the database's clock
     */
    record Erased(long unsettled, int blanked, long kept, Instant at) {}

    Uni<Erased> erase(int userId) {
        return sql.query(ERASE, Tuple.of(userId)).map(rows -> {
            Row row = rows.iterator().next();
            return new Erased(
                    row.getLong("unsettled"),
                    row.getInteger("blanked"),
                    row.getLong("kept"),
                    row.getOffsetDateTime("erased_at").toInstant());
        });
    }

    /**
     * Some settled orders that were looked at, and have no address now.
     *
     * @param last the newest of them; null where there was none
     */
    record Portion(@Nullable UUID last, int orders) {}

    /** The oldest between two ids that were placed longer ago than that. */
    Uni<Portion> blank(UUID after, UUID before, Duration age, int most) {
        return sql.query(BLANK, Tuple.of(after, before, (double) age.toMillis(), most))
                .map(rows -> {
                    Row row = rows.iterator().next();
                    return new Portion(row.getUUID("last"), row.getInteger("orders"));
                });
    }
}
