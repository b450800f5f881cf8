package org.vitrina.predictions;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.vitrina.runtime.RecurringTask;

/**
 * Exports for how long the model has owed a prediction of a product's newest features: as seen by this process, which looks
 * now and then, so that an age begins when a change was first seen without an answer.
 */
@Singleton
class WaitingPredictions implements RecurringTask {
    private static final Duration EVERY = Duration.ofSeconds(15);
    /** Of more the oldest are enough. */
    private static final int MOST = 1_000;

    private static final double NANOS = 1e9;

    private final PredictionRepository repository;
    private final LongSupplier nanos;
    private volatile Map<Change, Long> seen = Map.of();

    @Inject
    WaitingPredictions(PredictionRepository repository, MeterRegistry registry) {
        this(repository, registry, System::nanoTime);
    }

    WaitingPredictions(PredictionRepository repository, MeterRegistry registry, LongSupplier nanos) {
        this.repository = repository;
        this.nanos = nanos;
        Gauge.builder("vitrina.predictions.waiting", this, waiting -> waiting.seen.size())
                .description("Products whose newest features have no prediction, a thousand at most")
                .register(registry);
        Gauge.builder("vitrina.predictions.waiting.age", this, WaitingPredictions::age)
                .description("For how long one of them has been seen without")
                .baseUnit("seconds")
                .register(registry);
    }

    /** A product's features, of one version. */
    record Change(int productId, long version) {}

    @Override
    public String name() {
        return "the count of products without a prediction";
    }

    @Override
    public Duration every() {
        return EVERY;
    }

    @Override
    public Uni<?> work() {
        return repository.unanswered(MOST).invoke(this::look);
    }

    private void look(List<Change> unanswered) {
        long now = nanos.getAsLong();
        Map<Change, Long> next = new HashMap<>();
        unanswered.forEach(change -> next.put(change, seen.getOrDefault(change, now)));
        seen = next;
    }

    private double age() {
        long now = nanos.getAsLong();
        return seen.values().stream().mapToLong(since -> now - since).max().orElse(0) / NANOS;
    }
}
