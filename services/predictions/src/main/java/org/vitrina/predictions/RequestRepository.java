package org.vitrina.predictions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.vitrina.messaging.Outbox;
import org.vitrina.messaging.OutgoingEvent;
import org.vitrina.persistence.Sql;
import org.vitrina.persistence.idempotency.Fingerprint;
import org.vitrina.persistence.idempotency.IdempotencyRecords;
import org.vitrina.persistence.idempotency.KeptAnswer;
import org.vitrina.persistence.idempotency.KeyScope;

/** Callers' requests in PostgreSQL, and their way to the model by the outbox. */
@ApplicationScoped
class RequestRepository implements PanacheRepositoryBase<RequestEntity, UUID> {
    private static final String TO_QUEUE = "";
    private static final String FEATURES = "features";
    private static final int ACCEPTED = 202;

    private static final String ANSWERED =
            """
            UPDATE prediction_request SET value = $2, model_version = $3, answered_at = clock_timestamp()
            WHERE id = $1 AND answered_at IS NULL""";

    // Others that purge at the same time take other rows.
    private static final String PURGE =
            """
            DELETE FROM prediction_request WHERE id = ANY (ARRAY(
                SELECT id FROM prediction_request
                WHERE created_at < now() - $1 * INTERVAL '1 millisecond'
                LIMIT $2 FOR UPDATE SKIP LOCKED))""";

    private final IdempotencyRecords records;
    private final Outbox outbox;
    private final ObjectMapper json;
    private final Sql sql;

    RequestRepository(IdempotencyRecords records, Outbox outbox, ObjectMapper json, Sql sql) {
        this.records = records;
        this.outbox = outbox;
        this.json = json;
        this.sql = sql;
    }

    /** Keeps the request and sends it. */
    @WithTransaction
    Uni<Void> add(UUID id, double[] features) {
        return insert(id, features);
    }

    /** The same once for the key; the answer's body is the id of the request that stands for it. */
    @WithTransaction
    Uni<KeptAnswer> addOnce(KeyScope key, Fingerprint fingerprint, UUID id, double[] features) {
        return records.once(
                key, fingerprint, () -> insert(id, features).map(added -> new KeptAnswer(ACCEPTED, id.toString())));
    }

    private Uni<Void> insert(UUID id, double[] features) {
        String asked = new ModelId.OfRequest(id).text();
        return persistAndFlush(new RequestEntity(id, features))
                .chain(stored -> outbox.add(new OutgoingEvent(id, TO_QUEUE, FEATURES, asked, body(asked, features))));
    }

    private String body(String asked, double[] features) {
        try {
            return json.writeValueAsString(Map.of("id", asked, "features", features));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers are always writable", e);
        }
    }

    @WithSession
    Uni<Optional<PredictionRequest>> find(UUID id) {
        return findById(id).map(found -> Optional.ofNullable(found)
                .map(row -> new PredictionRequest(
                        row.id, row.value == null ? "pending" : "done", row.value, row.modelVersion)));
    }

    /** True if it waited for its answer. */
    Uni<Boolean> answered(UUID id, double value, String modelVersion) {
        return sql.query(ANSWERED, Tuple.of(id, value, modelVersion)).map(rows -> rows.rowCount() == 1);
    }

    /** Removes some of those that are older; tells how many. */
    Uni<Integer> purge(Duration keep, int most) {
        return sql.update(PURGE, Tuple.of((double) keep.toMillis(), most));
    }
}
