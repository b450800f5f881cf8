package org.vitrina.predictions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
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

    private static final String ANSWERED = "SELECT request_answered($1, $2, $3)";

    private static final String BY_IDS = "SELECT id, value, model_version FROM prediction_request WHERE id = ANY ($1)";

    /** Of each client a page. */
    private static final String OF_CLIENTS =
            """
            SELECT client, client_answer, id, value, model_version
            FROM unnest($1::uuid[], $2::bigint[]) AS known (of_client, number) CROSS JOIN LATERAL (
                SELECT client, client_answer, id, value, model_version FROM prediction_request
                WHERE client = known.of_client AND client_answer > known.number
                ORDER BY client_answer LIMIT 100) AS answer
            ORDER BY client_answer""";

    // one whose answer comes at this very moment keeps its row: it is locked, or has a new time
    private static final String PURGE_CLIENTS =
            """
            DELETE FROM prediction_client WHERE client = ANY (ARRAY(
                SELECT client FROM prediction_client AS idle
                WHERE answered_at < now() - $1 * INTERVAL '1 millisecond'
                AND NOT EXISTS (SELECT FROM prediction_request WHERE client = idle.client)
                LIMIT $2 FOR UPDATE SKIP LOCKED))""";

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
    Uni<Void> add(UUID id, double[] features, @Nullable UUID client, @Nullable String version) {
        return insert(id, features, client, version);
    }

    /** The same once for the key; the answer's body is the id of the request that stands for it. */
    @WithTransaction
    Uni<KeptAnswer> addOnce(
            KeyScope key,
            Fingerprint fingerprint,
            UUID id,
            double[] features,
            @Nullable UUID client,
            @Nullable String version) {
        return records.once(key, fingerprint, () -> insert(id, features, client, version)
                .map(added -> new KeptAnswer(ACCEPTED, id.toString())));
    }

    private Uni<Void> insert(UUID id, double[] features, @Nullable UUID client, @Nullable String version) {
        String asked = new ModelId.OfRequest(id).text();
        return persistAndFlush(new RequestEntity(id, features, client))
                .chain(stored ->
                        outbox.add(new OutgoingEvent(id, TO_QUEUE, FEATURES, asked, body(asked, features, version))));
    }

    private String body(String asked, double[] features, @Nullable String version) {
        Map<String, Object> message = new HashMap<>(Map.of("id", asked, "features", features));
        if (version != null) {
            message.put("model_version", version);
        }
        try {
            return json.writeValueAsString(message);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers are always writable", e);
        }
    }

    @WithSession
    Uni<Optional<PredictionRequest>> find(UUID id) {
        return findById(id).map(found -> Optional.ofNullable(found)
                .map(row -> PredictionRequest.of(row.id, row.value, row.modelVersion)));
    }

    /** Those of them that are there. */
    Uni<List<PredictionRequest>> all(Collection<UUID> ids) {
        return sql.list(BY_IDS, Tuple.tuple().addArrayOfUUID(ids.toArray(UUID[]::new)), RequestRepository::request);
    }

    /** Answers to each client that follow on the number that it is known to have, a page of them, in the order of their numbers. */
    Uni<List<ClientAnswer>> answersAfter(Map<UUID, Long> known) {
        UUID[] clients = known.keySet().toArray(UUID[]::new);
        Long[] numbers = Arrays.stream(clients).map(known::get).toArray(Long[]::new);
        return sql.list(
                OF_CLIENTS,
                Tuple.tuple().addArrayOfUUID(clients).addArrayOfLong(numbers),
                row -> new ClientAnswer(row.getUUID("client"), row.getLong("client_answer"), request(row)));
    }

    private static PredictionRequest request(Row row) {
        return PredictionRequest.of(row.getUUID("id"), row.getDouble("value"), row.getString("model_version"));
    }

    /** True if it waited for its answer. */
    Uni<Boolean> answered(UUID id, double value, String modelVersion) {
        return sql.query(ANSWERED, Tuple.of(id, value, modelVersion))
                .map(rows -> rows.iterator().next().getBoolean(0));
    }

    /** Removes some of those that are older; tells how many. */
    Uni<Integer> purge(Duration keep, int most) {
        return sql.update(PURGE, Tuple.of((double) keep.toMillis(), most));
    }

    /** Forgets some of the clients that have had no answer since, and ask for none; tells how many. */
    Uni<Integer> purgeClients(Duration keep, int most) {
        return sql.update(PURGE_CLIENTS, Tuple.of((double) keep.toMillis(), most));
    }
}
