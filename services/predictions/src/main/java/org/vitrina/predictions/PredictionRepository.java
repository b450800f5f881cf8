package org.vitrina.predictions;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vitrina.messaging.Outbox;
import org.vitrina.persistence.Sql;
import org.vitrina.persistence.trail.AuditTrail;

/** Products' predictions in PostgreSQL; each step is a single statement, those that change something a function there. */
@ApplicationScoped
class PredictionRepository {
    private static final String CHANGED =
            "SELECT product_changed($1, $2, $3, $4, $5) AS outcome FROM " + AuditTrail.by("$6");
    private static final String ANSWERED = "SELECT product_answered($1, $2, $3, $4, $5) AS outcome";
    private static final String FORGET = "SELECT forget_predictions($1) AS forgotten FROM " + AuditTrail.by("$2");

    private static final String LATEST =
            """
            SELECT product_id, value, model_version, valid_from FROM product
            WHERE product_id = $1 AND value IS NOT NULL""";

    private static final String AT =
            """
            SELECT product_id, value, model_version, valid_from FROM prediction
            WHERE product_id = $1 AND valid_from < $2 ORDER BY valid_from DESC LIMIT 1""";

    private static final String OF_CATEGORY =
            """
            SELECT product_id, value, model_version, valid_from FROM product
            WHERE category_id = $1 AND product_id > $2 AND value IS NOT NULL ORDER BY product_id LIMIT $3""";

    private static final String RECOMPUTE =
            """
            INSERT INTO recomputation (products)
            SELECT (SELECT count(*) FROM product WHERE NOT deleted AND features IS NOT NULL) FROM %s
            ON CONFLICT DO NOTHING"""
                    .formatted(AuditTrail.by("$1"));

    private static final String BATCH = "SELECT recompute_batch($1, $2) AS sent";

    // what was changed meanwhile is answered by the answer for that change
    private static final String PROGRESS =
            """
            SELECT run, products, sent, started_at, sent_at,
                   (SELECT count(*) FROM product
                    WHERE recompute_run = run
                      AND (deleted OR (answered_version, answered_run) >= (recompute_version, recompute_run))) AS answered
            FROM recomputation ORDER BY run DESC LIMIT 1""";

    private static final String UNANSWERED =
            """
            SELECT product_id, version FROM product
            WHERE answered_version < version AND NOT deleted AND features IS NOT NULL
            ORDER BY product_id LIMIT $1""";

    private final Sql sql;
    private final Outbox outbox;
    private final AuditTrail trail;

    PredictionRepository(Sql sql, Outbox outbox, AuditTrail trail) {
        this.sql = sql;
        this.outbox = outbox;
        this.trail = trail;
    }

    /** What became of the event: {@code asked}, {@code noted} or {@code old}. */
    Uni<String> changed(ProductChanged event) {
        List<Double> features = event.features();
        return sql.query(
                        CHANGED,
                        Tuple.tuple()
                                .addInteger(event.productId())
                                .addLong(event.version())
                                .addInteger(event.categoryId())
                                .addArrayOfDouble(features == null ? null : features.toArray(Double[]::new))
                                .addBoolean(event.deleted())
                                .addString(trail.deed(event.actor())))
                .invoke(outbox::announce)
                .map(rows -> rows.iterator().next().getString("outcome"));
    }

    /** What became of the answer: {@code stored}, {@code duplicate}, {@code late} or {@code unknown}. */
    Uni<String> answered(ModelId.OfProduct id, double value, String modelVersion) {
        return sql.query(ANSWERED, Tuple.of(id.productId(), id.version(), id.run(), value, modelVersion))
                .map(rows -> rows.iterator().next().getString("outcome"));
    }

    /** Removes all predictions of the product; false if there were none. */
    Uni<Boolean> forget(int productId) {
        return sql.query(FORGET, Tuple.of(productId, trail.deed()))
                .map(rows -> rows.iterator().next().getBoolean("forgotten"));
    }

    Uni<Optional<Prediction>> latest(int productId) {
        return sql.query(LATEST, Tuple.of(productId)).map(PredictionRepository::first);
    }

    /** The one that was the latest when the day ended. */
    Uni<Optional<Prediction>> at(int productId, LocalDate day) {
        return sql.query(AT, Tuple.of(productId, day.plusDays(1).atStartOfDay().atOffset(ZoneOffset.UTC)))
                .map(PredictionRepository::first);
    }

    /** The latest ones of the category's products above {@code after}. */
    Uni<List<Prediction>> ofCategory(int categoryId, int after, int most) {
        return sql.query(OF_CATEGORY, Tuple.of(categoryId, after, most)).map(rows -> {
            List<Prediction> page = new ArrayList<>(rows.size());
            rows.forEach(row -> page.add(prediction(row)));
            return page;
        });
    }

    /** Begins a recomputation unless one is being sent; true if this call did. */
    Uni<Boolean> recompute() {
        return sql.query(RECOMPUTE, Tuple.of(trail.deed())).map(rows -> rows.rowCount() == 1);
    }

    /** Sends the next products of a recomputation; tells how many. */
    Uni<Integer> recomputeBatch(int most, int waitingLimit) {
        return sql.query(BATCH, Tuple.of(most, waitingLimit))
                .map(rows -> rows.iterator().next().getInteger("sent"))
                .invoke(sent -> {
                    if (sent > 0) {
                        outbox.announce();
                    }
                });
    }

    /** Of the newest recomputation, if there has been any. */
    Uni<Optional<Recomputation>> progress() {
        return sql.query(PROGRESS).map(rows -> {
            if (rows.size() == 0) {
                return Optional.empty();
            }
            Row row = rows.iterator().next();
            return Optional.of(Recomputation.of(
                    row.getLong("run"),
                    row.getLong("products"),
                    row.getLong("sent"),
                    row.getLong("answered"),
                    row.getOffsetDateTime("started_at").toInstant(),
                    row.getOffsetDateTime("sent_at") != null));
        });
    }

    /** Products whose newest features the model has not answered, the first ones by id. */
    Uni<List<WaitingPredictions.Change>> unanswered(int most) {
        return sql.list(
                UNANSWERED,
                Tuple.of(most),
                row -> new WaitingPredictions.Change(row.getInteger("product_id"), row.getLong("version")));
    }

    private static Optional<Prediction> first(RowSet<Row> rows) {
        return rows.size() == 0
                ? Optional.empty()
                : Optional.of(prediction(rows.iterator().next()));
    }

    private static Prediction prediction(Row row) {
        return new Prediction(
                row.getInteger("product_id"),
                row.getDouble("value"),
                row.getString("model_version"),
                row.getOffsetDateTime("valid_from").toInstant());
    }
}
