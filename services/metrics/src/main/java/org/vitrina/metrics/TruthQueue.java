package org.vitrina.metrics;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;

/** Truths. */
@Singleton
class TruthQueue extends LabelQueue {
    private final ObservationService observations;

    TruthQueue(ObservationService observations, ObjectMapper json, LabelLog log, MeterRegistry registry) {
        super("y_true", json, log, registry);
        this.observations = observations;
    }

    @Override
    Uni<Void> add(List<Label> labels) {
        return observations.addTruths(labels);
    }
}
