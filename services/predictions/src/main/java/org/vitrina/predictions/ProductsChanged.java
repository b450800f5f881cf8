package org.vitrina.predictions;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.vitrina.messaging.QueueHandler;
import org.vitrina.messaging.QueueMessage;

/** Takes in changed products and sends their features to the model, in one transaction. */
@ApplicationScoped
class ProductsChanged implements QueueHandler {
    static final String QUEUE = "products.changed";

    private final ObjectMapper json;
    private final PredictionService predictions;
    private final MeterRegistry registry;

    ProductsChanged(ObjectMapper json, PredictionService predictions, MeterRegistry registry) {
        this.json = json;
        this.predictions = predictions;
        this.registry = registry;
        List.of("asked", "noted", "old").forEach(this::counter); // shown from the start
    }

    @Override
    public String queue() {
        return QUEUE;
    }

    @Override
    public Uni<Void> handle(QueueMessage message) {
        return Uni.createFrom()
                .item(() -> ProductChanged.parse(json, message.text()))
                .chain(predictions::changed)
                .invoke(outcome -> counter(outcome).increment())
                .replaceWithVoid();
    }

    private Counter counter(String outcome) {
        return registry.counter("vitrina.predictions.changes", "outcome", outcome);
    }
}
