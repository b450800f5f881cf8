package org.vitrina.model;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/** A row to learn from: features and the truth that belongs to them. */
@RegisterForReflection // hashed as JSON
record TrainingRow(List<Double> features, double truth) {
    TrainingRow {
        features = List.copyOf(features);
    }
}
