package org.vitrina.orders;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.vitrina.orders.OrdersAuditReport.Finding;
import org.vitrina.orders.OrdersAuditReport.Sum;
import org.vitrina.persistence.Sql;

/** Looks for what must not be. Orders' ids begin with their time, so that the primary key knows the last time's. */
@ApplicationScoped
class OrdersAuditRepository {
    private static final String FINDINGS =
            """
            WITH recent AS (SELECT * FROM customer_order WHERE id >= $1)
            SELECT 'key-doubled' AS kind, count(*) AS many, min(user_id || ' ' || request_key) AS sample FROM (
                SELECT user_id, request_key FROM recent WHERE status <> 'rejected'
                GROUP BY user_id, request_key HAVING count(*) > 1) doubled
            UNION ALL
            SELECT 'step-impossible', count(*), min(id::text) FROM recent
            WHERE (status, step) NOT IN (
                ('pending', 'charge'), ('pending', 'compensate'), ('confirmed', 'commit'), ('confirmed', 'none'),
                ('cancelling', 'compensate'), ('cancelled', 'none'), ('rejected', 'none'))
            UNION ALL
            SELECT 'overdue', count(*), min(id::text) FROM customer_order
            WHERE step = 'charge' AND created_at < now() - $2::bigint * interval '1 millisecond'
            UNION ALL
            SELECT 'collection-differs', count(*), min(c.user_id::text) FROM order_collection c
            JOIN (SELECT o.user_id, count(*) AS orders, max(o.sequence) AS newest,
                         bit_xor(order_hash(o.id, o.status)) AS content
                  FROM customer_order o WHERE o.user_id IN (SELECT user_id FROM recent) GROUP BY o.user_id) own
                ON own.user_id = c.user_id
            WHERE c.sequence <> own.newest OR own.orders <> own.newest OR c.content <> own.content
            UNION ALL
            SELECT 'event-untaken', count(*), min(order_id) FROM sent_event
            WHERE denied_at IS NOT NULL AND sent_at < now() - $3::bigint * interval '1 millisecond'""";

    private static final String SUMS =
            """
            SELECT status, count(*) AS many, sum(total) AS total FROM customer_order WHERE id >= $1
            GROUP BY status ORDER BY status""";

    private static final String UNSETTLED =
            """
            SELECT count(*) AS many,
                   coalesce(extract(epoch FROM now() - min(created_at)), 0)::double precision AS age,
                   (SELECT count(*) FROM outbox) AS events
            FROM customer_order WHERE step <> 'none'""";

    private final Sql sql;

    OrdersAuditRepository(Sql sql) {
        this.sql = sql;
    }

    /** What is still to be done. */
    record Unsettled(long orders, double oldestSeconds, long events) {}

    /**
     * @param overdueMillis the age from which on an order must not wait for debit and reservation any more
     * @param untakenMillis the time after which an event that was sent must have been taken
     */
    Uni<List<Finding>> findings(UUID since, long overdueMillis, long untakenMillis) {
        return sql.query(FINDINGS, Tuple.of(since, overdueMillis, untakenMillis))
                .map(rows -> {
                    List<Finding> findings = new ArrayList<>();
                    for (Row row : rows) {
                        if (row.getLong("many") > 0) {
                            findings.add(
                                    new Finding(row.getString("kind"), row.getLong("many"), row.getString("sample")));
                        }
                    }
                    return findings;
                });
    }

    Uni<List<Sum>> sums(UUID since) {
        return sql.query(SUMS, Tuple.of(since)).map(OrdersAuditRepository::sums);
    }

    private static List<Sum> sums(RowSet<Row> rows) {
        List<Sum> sums = new ArrayList<>();
        for (Row row : rows) {
            // a sum may be larger than any single amount of money
            String total = row.getBigDecimal("total").setScale(2).toPlainString();
            sums.add(new Sum(Status.of(row.getString("status")), row.getLong("many"), total));
        }
        return sums;
    }

    Uni<Unsettled> unsettled() {
        return sql.query(UNSETTLED).map(rows -> {
            Row row = rows.iterator().next();
            return new Unsettled(row.getLong("many"), row.getDouble("age"), row.getLong("events"));
        });
    }
}
