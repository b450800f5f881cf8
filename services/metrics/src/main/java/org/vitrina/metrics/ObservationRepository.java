package org.vitrina.metrics;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.vitrina.core.Magnitude;
import org.vitrina.persistence.Sql;

/** Truths and predictions in PostgreSQL. */
@ApplicationScoped
class ObservationRepository implements PanacheRepositoryBase<ObservationEntity, String> {
    // One batch is written at a time: so positions become visible in their order, and the two halves of a pair that
    // come at
    // once see each other.
    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('observation', 0))";

    private static final String TRUTHS =
            """
            INSERT INTO observation (id, truth)
            SELECT DISTINCT ON (id) id, value
            FROM unnest($1::text[], $2::float8[]) WITH ORDINALITY AS one (id, value, place) ORDER BY id, place
            ON CONFLICT (id) DO NOTHING""";

    private static final String PREDICTIONS =
            """
            INSERT INTO observation (id, prediction, model_version, features)
            SELECT DISTINCT ON (id) id, value, version, features
            FROM unnest($1::text[], $2::float8[], $3::text[], $4::text[]) WITH ORDINALITY
                 AS one (id, value, version, features, place) ORDER BY id, place
            ON CONFLICT (id) DO NOTHING""";

    // A row that waits becomes a pair in one step, or the constraint would not let it.
    private static final String PAIR_TRUTHS =
            """
            UPDATE observation
            SET truth = one.value, error = abs(one.value - prediction), position = nextval('observation_position'),
                paired_at = clock_timestamp()
            FROM (SELECT DISTINCT ON (id) id, value
                  FROM unnest($1::text[], $2::float8[]) WITH ORDINALITY AS given (id, value, place)
                  ORDER BY id, place) AS one
            WHERE observation.id = one.id AND position IS NULL AND truth IS NULL
            RETURNING coalesce(model_version, '') AS version, error""";

    private static final String PAIR_PREDICTIONS =
            """
            UPDATE observation
            SET prediction = one.value, model_version = one.version, features = one.features,
                error = abs(truth - one.value), position = nextval('observation_position'),
                paired_at = clock_timestamp()
            FROM (SELECT DISTINCT ON (id) id, value, version, features
                  FROM unnest($1::text[], $2::float8[], $3::text[], $4::text[]) WITH ORDINALITY
                       AS given (id, value, version, features, place)
                  ORDER BY id, place) AS one
            WHERE observation.id = one.id AND position IS NULL AND prediction IS NULL
            RETURNING coalesce(observation.model_version, '') AS version, error""";

    private static final String FORGET_WAITING =
            """
            DELETE FROM observation WHERE id IN (
                SELECT id FROM observation
                WHERE position IS NULL AND first_at < now() - $1 * INTERVAL '1 millisecond'
                LIMIT $2 FOR UPDATE SKIP LOCKED)
            RETURNING truth IS NULL AS truthless""";

    private static final String FORGET_OLD =
            """
            DELETE FROM observation WHERE id IN (
                SELECT id FROM observation
                WHERE position IS NOT NULL AND paired_at < now() - $1 * INTERVAL '1 millisecond'
                LIMIT $2 FOR UPDATE SKIP LOCKED)""";

    /** Of two labels within their bounds. Pairs of earlier releases may have more, of which sums would be no number. */
    private static final double LARGEST_ERROR = 2 * Double.parseDouble(Magnitude.LABEL);

    private static final String GROUPS =
            """
            SELECT coalesce(model_version, '') AS version, width_bucket(error, $3::float8[]) AS bin,
                   floor(extract(epoch FROM clock_timestamp() - paired_at) * 1000 / $1 * $2)::int AS part,
                   count(*) AS pairs, sum(least(error, $4)) AS errors, now() AS asked_at
            FROM observation
            WHERE position IS NOT NULL AND paired_at > now() - $1 * INTERVAL '1 millisecond'
            GROUP BY 1, 2, 3""";

    private static final String NEWEST =
            "SELECT least(error, $2) AS error FROM observation WHERE position IS NOT NULL ORDER BY position DESC LIMIT $1";

    private static final String COUNTS =
            """
            SELECT count(*) FILTER (WHERE position IS NOT NULL) AS pairs,
                   count(*) FILTER (WHERE position IS NULL) AS waiting FROM observation""";

    private final Pool pool;
    private final Sql sql;

    ObservationRepository(Pool pool, Sql sql) {
        this.pool = pool;
        this.sql = sql;
    }

    /** Writes the truths down and tells which of them made a pair; those that are known are left out. */
    Uni<List<Paired>> addTruths(List<Label> labels) {
        return add(
                PAIR_TRUTHS, TRUTHS, Tuple.tuple().addArrayOfString(ids(labels)).addArrayOfDouble(values(labels)));
    }

    /** As {@link #addTruths}, for predictions. */
    Uni<List<Paired>> addPredictions(List<Label> labels) {
        return add(
                PAIR_PREDICTIONS,
                PREDICTIONS,
                Tuple.tuple()
                        .addArrayOfString(ids(labels))
                        .addArrayOfDouble(values(labels))
                        .addArrayOfString(
                                labels.stream().map(Label::modelVersion).toArray(String[]::new))
                        .addArrayOfString(labels.stream().map(Label::features).toArray(String[]::new)));
    }

    private static String[] ids(List<Label> labels) {
        return labels.stream().map(Label::id).toArray(String[]::new);
    }

    private static Double[] values(List<Label> labels) {
        return labels.stream().map(Label::value).toArray(Double[]::new);
    }

    private Uni<List<Paired>> add(String pairing, String insertion, Tuple labels) {
        return pool.withTransaction(connection -> execute(connection, LOCK, Tuple.tuple())
                .chain(() -> execute(connection, pairing, labels))
                .chain(paired -> execute(connection, insertion, labels).replaceWith(() -> {
                    List<Paired> pairs = new ArrayList<>(paired.rowCount());
                    paired.forEach(row -> pairs.add(new Paired(row.getString("version"), row.getDouble("error"))));
                    return pairs;
                })));
    }

    private static Uni<RowSet<Row>> execute(SqlConnection connection, String statement, Tuple parameters) {
        return connection.preparedQuery(statement).execute(parameters);
    }

    /** Pairs after a position, in their order. */
    @WithSession
    Uni<List<ObservationEntity>> pairs(long after, int most) {
        return find("position > ?1 order by position", after).page(0, most).list();
    }

    /** How many waited for a prediction, and how many for a truth, and do so no more. */
    record Forgotten(long withoutPrediction, long withoutTruth) {}

    Uni<Forgotten> forgetWaiting(Duration limit, int most) {
        return sql.query(FORGET_WAITING, Tuple.of((double) limit.toMillis(), most))
                .map(rows -> {
                    long truthless = 0;
                    for (Row row : rows) {
                        truthless += row.getBoolean("truthless") ? 1 : 0;
                    }
                    return new Forgotten(rows.rowCount() - truthless, truthless);
                });
    }

    /** Pairs made longer ago, at most so many; how many there were. */
    Uni<Integer> forgetOld(Duration keep, int most) {
        return sql.update(FORGET_OLD, Tuple.of((double) keep.toMillis(), most));
    }

    /**
     * Pairs of a window that have version, bin and part of the window in common.
     *
     * @param bin 0 below the first edge
     * @param part 0 is the newest
     * @param askedAt the end of the window, by the database's clock
     */
    record Group(String version, int bin, int part, long pairs, double errors, Instant askedAt) {}

    Uni<List<Group>> groups(Duration window, int parts, List<Double> edges) {
        Tuple parameters = Tuple.of((double) window.toMillis(), (double) parts);
        parameters.addArrayOfDouble(edges.toArray(Double[]::new)).addDouble(LARGEST_ERROR);
        return sql.query(GROUPS, parameters).map(rows -> {
            List<Group> groups = new ArrayList<>();
            for (Row row : rows) {
                groups.add(new Group(
                        row.getString("version"),
                        row.getInteger("bin"),
                        Math.clamp(row.getInteger("part"), 0, parts - 1),
                        row.getLong("pairs"),
                        row.getDouble("errors"),
                        row.getOffsetDateTime("asked_at").toInstant()));
            }
            return groups;
        });
    }

    /** The newest errors, the newest first. */
    Uni<List<Double>> newest(int most) {
        return sql.list(NEWEST, Tuple.of(most, LARGEST_ERROR), row -> row.getDouble("error"));
    }

    /** How many pairs there are, and how many halves. */
    record Counts(long pairs, long waiting) {}

    Uni<Counts> counts() {
        return sql.query(COUNTS).map(rows -> {
            Row row = rows.iterator().next();
            return new Counts(row.getLong("pairs"), row.getLong("waiting"));
        });
    }
}
