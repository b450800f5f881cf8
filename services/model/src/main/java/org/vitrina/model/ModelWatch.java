package org.vitrina.model;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.vitrina.runtime.RecurringTask;

/** Looks whether other versions are to be used. */
@Singleton
class ModelWatch implements RecurringTask {
    private final ModelService models;
    private final Duration every;

    ModelWatch(ModelService models, ModelConfig config) {
        this.models = models;
        this.every = config.watch();
    }

    @Override
    public String name() {
        return "the look for another choice of versions";
    }

    @Override
    public Duration every() {
        return every;
    }

    @Override
    public Uni<?> work() {
        return models.look();
    }
}
