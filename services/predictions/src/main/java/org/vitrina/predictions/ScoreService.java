package org.vitrina.predictions;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.time.YearMonth;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/** Users' scores: one a month, and one a day where there is one. */
@ApplicationScoped
class ScoreService {
    private final ScoreRepository repository;

    ScoreService(ScoreRepository repository) {
        this.repository = repository;
    }

    /** The day's, else its month's, else 404. */
    Uni<Score> of(int userId, LocalDate day) {
        return repository
                .of(userId, day.toString(), YearMonth.from(day).toString())
                .map(found -> found.orElseThrow(() -> new ProblemException(
                        ErrorCode.NOT_FOUND, "User " + userId + " has no score for " + day + ".")));
    }

    /** True if there was none of this period. */
    Uni<Boolean> put(int userId, String period, double score) {
        return repository.put(userId, period, score);
    }
}
