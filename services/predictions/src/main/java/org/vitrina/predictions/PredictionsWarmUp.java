package org.vitrina.predictions;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.unchecked.Unchecked;
import jakarta.enterprise.context.ApplicationScoped;
import org.vitrina.runtime.WarmUp;

/** Reads and writes a page of predictions before the service is ready. */
@ApplicationScoped
class PredictionsWarmUp extends WarmUp {
    private static final int ANY_CATEGORY = 1;

    private final PredictionService predictions;
    private final ObjectMapper json;

    PredictionsWarmUp(PredictionService predictions, ObjectMapper json) {
        this.predictions = predictions;
        this.json = json;
    }

    @Override
    public String name() {
        return "predictions";
    }

    @Override
    protected Uni<?> work() {
        return predictions.ofCategory(ANY_CATEGORY, 0, 1).invoke(Unchecked.consumer(json::writeValueAsBytes));
    }
}
