package org.vitrina.predictions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.vitrina.messaging.MessageException;
import org.vitrina.messaging.QueueHandler;
import org.vitrina.messaging.QueueMessage;

/**
 * Takes in the model's answers. All of them come here, those to others' questions too: these are passed over, and counted,
 * without a database call.
 */
@ApplicationScoped
class ModelAnswers implements QueueHandler {
    static final String QUEUE = "y_pred.predictions";
    private static final String FOREIGN = "foreign";
    private static final List<String> OUTCOMES = List.of("stored", "duplicate", "late", "unknown", "request", FOREIGN);
    private static final int LONGEST_VERSION = 200;

    private final ObjectMapper json;
    private final PredictionService predictions;
    private final RequestService requests;
    private final MeterRegistry registry;

    ModelAnswers(ObjectMapper json, PredictionService predictions, RequestService requests, MeterRegistry registry) {
        this.json = json;
        this.predictions = predictions;
        this.requests = requests;
        this.registry = registry;
        OUTCOMES.forEach(this::counter); // shown from the start
    }

    @Override
    public String queue() {
        return QUEUE;
    }

    @Override
    public Uni<Void> handle(QueueMessage message) {
        return Uni.createFrom()
                .item(() -> MessageJson.tree(json, message.text()))
                .chain(this::takeIn)
                .invoke(outcome -> counter(outcome).increment())
                .replaceWithVoid();
    }

    private Counter counter(String outcome) {
        return registry.counter("vitrina.predictions.answers", "outcome", outcome);
    }

    private Uni<String> takeIn(JsonNode answer) {
        Optional<ModelId> id = answer.isObject() && answer.path("id").isTextual()
                ? ModelId.parse(answer.path("id").textValue())
                : Optional.empty();
        if (id.isEmpty()) {
            return Uni.createFrom().item(FOREIGN);
        }
        double value = MessageJson.label(answer.path("value"), "value");
        String version = modelVersion(answer.path("model_version"));
        return switch (id.orElseThrow()) {
            case ModelId.OfProduct product -> predictions.answered(product, value, version);
            case ModelId.OfRequest request -> requests.answered(request, value, version);
        };
    }

    private static String modelVersion(JsonNode version) {
        if (version.isMissingNode() || version.isNull() || version.isContainerNode()) {
            throw new MessageException("model_version is missing");
        }
        String text = version.asText();
        if (text.isBlank() || text.length() > LONGEST_VERSION || text.indexOf('\0') >= 0) {
            throw new MessageException("model_version is no version");
        }
        return text;
    }
}
