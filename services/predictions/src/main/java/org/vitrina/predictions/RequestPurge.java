package org.vitrina.predictions;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.vitrina.runtime.RecurringTask;

/** Removes requests that nobody asks for any more. */
@ApplicationScoped
class RequestPurge implements RecurringTask {
    private static final int BATCH = 1_000;

    private final RequestRepository repository;
    private final PredictionsConfig.Requests config;

    RequestPurge(RequestRepository repository, PredictionsConfig config) {
        this.repository = repository;
        this.config = config.requests();
    }

    @Override
    public String name() {
        return "the purge of requests";
    }

    @Override
    public Duration every() {
        return config.purgeEvery();
    }

    @Override
    public Uni<?> work() {
        return RecurringTask.inPortions(BATCH, () -> repository.purge(config.keep(), BATCH))
                .chain(() -> RecurringTask.inPortions(BATCH, () -> repository.purgeClients(config.keep(), BATCH)));
    }
}
