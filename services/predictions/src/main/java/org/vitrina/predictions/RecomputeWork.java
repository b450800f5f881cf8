package org.vitrina.predictions;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.vitrina.runtime.RecurringTask;

/** Sends a recomputation's products to the model, batch by batch; whichever replica comes first does the next one. */
@ApplicationScoped
class RecomputeWork implements RecurringTask {
    private final PredictionRepository repository;
    private final PredictionsConfig.Recompute config;

    RecomputeWork(PredictionRepository repository, PredictionsConfig config) {
        this.repository = repository;
        this.config = config.recompute();
    }

    @Override
    public String name() {
        return "the recomputation";
    }

    @Override
    public Duration every() {
        return config.poll();
    }

    @Override
    public Uni<?> work() {
        return RecurringTask.inPortions(
                config.batch(), () -> repository.recomputeBatch(config.batch(), config.waitingLimit()));
    }
}
