package org.vitrina.metrics;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import org.vitrina.stream.FanOutExchange;

/** Predictions. */
@Singleton
class PredictionQueue extends LabelQueue {
    private static final String QUEUE = "y_pred";
    private static final FanOutExchange EXCHANGE = new FanOutExchange("y_pred", List.of(QUEUE));

    private final ObservationService observations;

    PredictionQueue(ObservationService observations, ObjectMapper json, LabelLog log, MeterRegistry registry) {
        super(QUEUE, json, log, registry);
        this.observations = observations;
    }

    @Override
    public List<FanOutExchange> exchanges() {
        return List.of(EXCHANGE);
    }

    @Override
    Uni<Void> add(List<Label> labels) {
        return observations.addPredictions(labels);
    }
}
