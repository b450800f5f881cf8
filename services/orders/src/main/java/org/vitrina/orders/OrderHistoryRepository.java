package org.vitrina.orders;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.vitrina.persistence.Sql;

/** What is on record of one order, for operators. */
@ApplicationScoped
class OrderHistoryRepository {
    private static final String ORDER =
            """
            SELECT id, user_id, status, step, attempts, reason, due_at, created_at, coalesce(steps, '[]')::text AS steps
            FROM customer_order WHERE id = $1""";

    private static final String EVENTS =
            """
            SELECT event_id, routing_key AS type, 'outbox' AS state, created_at AS since, position
            FROM outbox WHERE ordering_key = $1
            UNION ALL
            SELECT event_id, type, CASE WHEN denied_at IS NULL THEN 'sent' ELSE 'denied' END, coalesce(denied_at, sent_at), 0
            FROM sent_event WHERE order_id = $1
            ORDER BY since, position LIMIT 100""";

    private final Sql sql;
    private final ObjectMapper json;

    OrderHistoryRepository(Sql sql, ObjectMapper json) {
        this.sql = sql;
        this.json = json;
    }

    /** Without what others know; nothing where there is no such order. */
    Uni<Optional<OrderHistory>> find(UUID id) {
        return sql.list(EVENTS, Tuple.of(id.toString()), OrderHistoryRepository::event)
                .chain(events -> sql.list(ORDER, Tuple.of(id), row -> history(row, events)))
                .map(found -> found.stream().findFirst());
    }

    private static OrderHistory.Event event(Row row) {
        return new OrderHistory.Event(
                row.getUUID("event_id"),
                row.getString("type"),
                row.getString("state"),
                row.getOffsetDateTime("since").toInstant());
    }

    private OrderHistory history(Row row, List<OrderHistory.Event> events) {
        return new OrderHistory(
                row.getUUID("id"),
                row.getInteger("user_id"),
                row.getString("status"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getString("reason"),
                switch (Step.of(row.getString("step"))) {
                    case CHARGE -> waits(row, List.of("wallet", "inventory"));
                    case COMPENSATE -> waits(row, List.of("wallet", "inventory"));
                    case COMMIT -> waits(row, List.of("inventory"));
                    case NONE -> null;
                },
                steps(row.getString("steps")),
                events,
                null,
                null);
    }

    private static OrderHistory.Waits waits(Row row, List<String> on) {
        return new OrderHistory.Waits(
                row.getString("step"),
                on,
                row.getInteger("attempts"),
                row.getOffsetDateTime("due_at").toInstant());
    }

    private List<OrderHistory.Ended> steps(String text) {
        try {
            List<OrderHistory.Ended> steps = new ArrayList<>();
            for (JsonNode step : json.readTree(text)) {
                steps.add(new OrderHistory.Ended(
                        step.path("step").asText(),
                        step.path("status").asText(),
                        step.path("tries").asInt(),
                        OffsetDateTime.parse(step.path("ended_at").asText()).toInstant(),
                        step.path("led_by").textValue()));
            }
            return List.copyOf(steps);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("steps are no JSON: " + text, e);
        }
    }
}
