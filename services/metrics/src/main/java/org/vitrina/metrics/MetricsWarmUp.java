package org.vitrina.metrics;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.unchecked.Unchecked;
import jakarta.enterprise.context.ApplicationScoped;
import org.vitrina.runtime.WarmUp;

/** Reads and writes a page of pairs before the service is ready. */
@ApplicationScoped
class MetricsWarmUp extends WarmUp {
    private final ObservationService observations;
    private final ObjectMapper json;

    MetricsWarmUp(ObservationService observations, ObjectMapper json) {
        this.observations = observations;
        this.json = json;
    }

    @Override
    public String name() {
        return "metrics";
    }

    @Override
    protected Uni<?> work() {
        return observations.pairs(0, 1).invoke(Unchecked.consumer(json::writeValueAsBytes));
    }
}
