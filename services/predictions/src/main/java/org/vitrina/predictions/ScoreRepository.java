package org.vitrina.predictions;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.vitrina.persistence.Sql;

/** Users' scores in PostgreSQL. */
@ApplicationScoped
class ScoreRepository {
    // the day's is the longer text
    private static final String OF =
            """
            SELECT period, score FROM user_score
            WHERE user_id = $1 AND period IN ($2, $3) ORDER BY length(period) DESC LIMIT 1""";

    // a row that no transaction has ever updated is a new one
    private static final String PUT =
            """
            INSERT INTO user_score (user_id, period, score) VALUES ($1, $2, $3)
            ON CONFLICT (user_id, period) DO UPDATE SET score = excluded.score
            RETURNING xmax = 0 AS created""";

    private static final String ERASE = "DELETE FROM user_score WHERE user_id = $1";

    private final Sql sql;

    ScoreRepository(Sql sql) {
        this.sql = sql;
    }

    /** The score of the first of the two periods that has one. */
    Uni<Optional<Score>> of(int userId, String day, String month) {
        return sql.query(OF, Tuple.of(userId, day, month)).map(rows -> {
            if (rows.size() == 0) {
                return Optional.empty();
            }
            Row row = rows.iterator().next();
            return Optional.of(new Score(userId, row.getString("period"), row.getDouble("score")));
        });
    }

    /** True if there was none of this period. */
    Uni<Boolean> put(int userId, String period, double score) {
        return sql.query(PUT, Tuple.of(userId, period, score))
                .map(rows -> rows.iterator().next().getBoolean("created"));
    }

    /** Takes all of a user's away; how many there were. */
    Uni<Integer> erase(int userId) {
        return sql.update(ERASE, Tuple.of(userId));
    }
}
