package org.vitrina.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Magnitude;
import org.vitrina.stream.BatchResult;
import org.vitrina.stream.FanOutExchange;
import org.vitrina.stream.MessageOutcome;
import org.vitrina.stream.StreamHandler;
import org.vitrina.stream.StreamMessage;

/** Answers features with a prediction; a message that is none is a dead letter at once, as it would be none later either. */
@Singleton
class FeaturesQueue implements StreamHandler {
    static final String QUEUE = "features";
    static final FanOutExchange PREDICTIONS = new FanOutExchange("y_pred", List.of("y_pred", "y_pred.predictions"));
    private static final int LONGEST_ID = 255;
    private static final Logger LOG = Logger.getLogger(FeaturesQueue.class);

    private final ModelService models;
    private final ObjectMapper json;
    private final boolean enabled;
    private final int driftWindow;
    private final boolean logMessages;
    private final MeterRegistry registry;
    /** Of the first version's features: all versions in use take the same ones. */
    private @Nullable Drift drift;

    FeaturesQueue(ModelService models, ObjectMapper json, ModelConfig config, MeterRegistry registry) {
        this.models = models;
        this.json = json;
        this.enabled = !config.worker();
        this.driftWindow = config.driftWindow();
        this.logMessages = config.logMessages();
        this.registry = registry;
    }

    @Override
    public String queue() {
        return QUEUE;
    }

    @Override
    public boolean enabled() {
        return enabled;
    }

    @Override
    public List<FanOutExchange> exchanges() {
        return List.of(PREDICTIONS);
    }

    @Override
    public Uni<BatchResult> handle(List<StreamMessage> batch) {
        ServingVersions served = models.served();
        List<MessageOutcome> outcomes = new ArrayList<>(batch.size());
        for (StreamMessage message : batch) {
            outcomes.add(outcome(served, message));
        }
        return Uni.createFrom().item(BatchResult.with(outcomes));
    }

    /** Says what is wrong with a message. */
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unreadable(String what) {
            super(what, null, false, false);
        }
    }

    private MessageOutcome outcome(ServingVersions served, StreamMessage message) {
        try {
            JsonNode tree = json.readTree(message.body());
            return new MessageOutcome.Send(PREDICTIONS.exchange(), answer(served, tree), reply(message, tree));
        } catch (JsonProcessingException e) {
            return dead("not readable: " + e.getOriginalMessage());
        } catch (Unreadable e) {
            return dead(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What AMQP says of the message, as any client sets it; else what the contract has for those that cannot. */
    private static MessageOutcome.@Nullable Reply reply(StreamMessage message, JsonNode tree) {
        String queue = message.replyTo() == null ? tree.path("reply_to").textValue() : message.replyTo();
        return queue == null ? null : new MessageOutcome.Reply(queue, message.correlationId());
    }

    private MessageOutcome dead(String why) {
        if (logMessages) {
            LOG.infof("A message of %s is a dead letter: %s", QUEUE, why);
        }
        return new MessageOutcome.Dead(why);
    }

    private byte[] answer(ServingVersions served, @Nullable JsonNode tree) throws IOException {
        if (tree == null || !(tree.isArray() || tree.isObject())) {
            throw new Unreadable("neither an array of numbers nor a JSON object");
        }
        if (tree.isObject()) {
            // before anything else: a newer version may have changed every other field
            JsonNode version = tree.path("version");
            if (!version.isMissingNode() && !(version.isIntegralNumber() && version.longValue() == 1)) {
                throw new Unreadable("version " + version + " is not understood, only 1");
            }
        }
        JsonNode id = tree.isArray() ? json.nullNode() : id(tree.path("id"));
        JsonNode given = tree.isArray() ? tree : tree.path("features");
        List<Double> features =
                features(given, served.models().getFirst().features().size());
        PredictiveModel model =
                served.of(tree.path("model_version").asText(), id.isNull() ? features.toString() : id.asText());
        double value = model.predict(features);
        if (!Magnitude.isLabel(value)) {
            throw new Unreadable("the prediction is no number between -" + Magnitude.LABEL + " and " + Magnitude.LABEL);
        }
        models.predicted(model);
        if (logMessages) {
            LOG.infof("Message %s: predicted %s by version %s from %s", id, value, model.version(), features);
        }
        drift(model).record(features);
        ObjectNode answer = json.createObjectNode();
        answer.set("id", id);
        answer.put("value", value);
        answer.set("features", given);
        answer.put("model_version", model.version());
        if (tree.has("reply_to")) {
            answer.set("reply_to", tree.get("reply_to"));
        }
        return json.writeValueAsBytes(answer);
    }

    private JsonNode id(JsonNode id) {
        if (id.isMissingNode() || id.isNull()) {
            return json.nullNode();
        }
        if (id.isIntegralNumber()
                || (id.isTextual()
                        && !id.asText().isEmpty()
                        && id.asText().length() <= LONGEST_ID
                        // half a character would be sent as another one
                        && StandardCharsets.UTF_8.newEncoder().canEncode(id.asText()))) {
            return id;
        }
        throw new Unreadable("id must be a text of 1 to " + LONGEST_ID + " characters, or a whole number");
    }

    private static List<Double> features(JsonNode given, int count) {
        if (!given.isArray() || given.size() != count) {
            throw new Unreadable("features must be an array of " + count + " numbers");
        }
        List<Double> features = new ArrayList<>(count);
        for (JsonNode one : given) {
            if (!one.isNumber() || !Magnitude.isInput(one.doubleValue())) {
                throw new Unreadable(
                        "features must be numbers between -" + Magnitude.INPUT + " and " + Magnitude.INPUT);
            }
            features.add(one.doubleValue());
        }
        return features;
    }

    private Drift drift(PredictiveModel model) {
        Drift present = drift;
        if (present != null) {
            return present;
        }
        var made = new Drift(model.features(), driftWindow);
        for (int i = 0; i < model.features().size(); i++) {
            int feature = i;
            Gauge.builder("vitrina.model.psi", made, all -> all.index(feature))
                    .description(
                            "Population stability index of a feature, the last values against those of the training")
                    .tag("feature", model.features().get(i).name())
                    .strongReference(true)
                    .register(registry);
        }
        drift = made;
        return made;
    }
}
