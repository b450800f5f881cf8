package org.vitrina.predictions;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.Erasure;
import org.vitrina.messaging.Redrive;
import org.vitrina.messaging.Redriven;

/** What operators ask of predictions. */
@ApplicationScoped
class PredictionsOpsService {
    private final PredictionRepository repository;
    private final ScoreRepository scores;
    private final Redrive redrive;

    PredictionsOpsService(PredictionRepository repository, ScoreRepository scores, Redrive redrive) {
        this.repository = repository;
        this.scores = scores;
        this.redrive = redrive;
    }

    /** Begins to predict all products anew, unless that is being done; tells how far it is. */
    Uni<Recomputation> recompute() {
        return repository.recompute().chain(begun -> progress());
    }

    /** 404 where there has been none. */
    Uni<Recomputation> progress() {
        return repository
                .progress()
                .map(found -> found.orElseThrow(
                        () -> new ProblemException(ErrorCode.NOT_FOUND, "There has been no recomputation.")));
    }

    /** Takes dead letters of both queues up again; see {@link Redrive}. */
    Uni<Redriven> redrive(int most) {
        return redrive.redrive(List.of(ProductsChanged.QUEUE, ModelAnswers.QUEUE), most);
    }

    /** Nothing of the user stays: requests for predictions are nobody's. */
    Uni<Erasure> erase(int userId) {
        return scores.erase(userId).map(count -> new Erasure(Map.of("scores", count.longValue()), List.of()));
    }
}
