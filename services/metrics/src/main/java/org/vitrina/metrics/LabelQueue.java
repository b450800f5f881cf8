package org.vitrina.metrics;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import org.vitrina.stream.BatchResult;
import org.vitrina.stream.MessageOutcome;
import org.vitrina.stream.StreamHandler;
import org.vitrina.stream.StreamMessage;

/** Takes labels in: those with an id into the database, each into the log. What is no label is a dead letter at once. */
abstract class LabelQueue implements StreamHandler {
    private final String queue;
    private final ObjectMapper json;
    private final LabelLog log;
    private final Counter unpaired;

    LabelQueue(String queue, ObjectMapper json, LabelLog log, MeterRegistry registry) {
        this.queue = queue;
        this.json = json;
        this.log = log;
        this.unpaired = Counter.builder("unpaired")
                .description("Bare numbers, which are never paired")
                .tag("queue", queue)
                .register(registry);
    }

    @Override
    public String queue() {
        return queue;
    }

    /** Completes when the labels, each with an id, are on record. */
    abstract Uni<Void> add(List<Label> labels);

    @Override
    public Uni<BatchResult> handle(List<StreamMessage> batch) {
        List<MessageOutcome> outcomes = new ArrayList<>(batch.size());
        List<Label> labels = new ArrayList<>(batch.size());
        List<Double> values = new ArrayList<>(batch.size());
        int bare = 0;
        for (StreamMessage message : batch) {
            try {
                Label label = Label.parse(json, message.body());
                values.add(label.value());
                if (label.id() == null) {
                    bare++;
                } else {
                    labels.add(label);
                }
                outcomes.add(new MessageOutcome.Done());
            } catch (Label.Unreadable e) {
                outcomes.add(new MessageOutcome.Dead(String.valueOf(e.getMessage())));
            }
        }
        int numbers = bare;
        Uni<Void> added = labels.isEmpty() ? Uni.createFrom().voidItem() : add(labels);
        return added.map(done -> new BatchResult(outcomes, () -> {
            unpaired.increment(numbers);
            log.write(queue, values);
        }));
    }
}
