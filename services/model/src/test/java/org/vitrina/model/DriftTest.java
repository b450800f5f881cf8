package org.vitrina.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.vitrina.diabetes.Diabetes;

class DriftTest {
    private static final Artefact MODEL = FirstModel.train();

    @Test
    void theTrainingDataHasNotDrifted() {
        var drift = new Drift(MODEL.features(), 442);
        Diabetes.rows().forEach(row -> drift.record(row.features()));

        for (int i = 0; i < Diabetes.FEATURES; i++) {
            assertThat(drift.index(i)).as(Diabetes.names().get(i)).isLessThan(1e-9);
        }
    }

    @Test
    void showsTheFeatureThatMovedUntilItIsForgotten() {
        var drift = new Drift(MODEL.features(), 442);
        Diabetes.rows().forEach(row -> drift.record(moved(row.features())));

        assertThat(drift.index(2)).isGreaterThan(0.25);
        assertThat(drift.index(3)).isLessThan(1e-9);

        Diabetes.rows().forEach(row -> drift.record(row.features()));
        assertThat(drift.index(2)).isLessThan(1e-9);
    }

    @Test
    void saysNothingOfAFewValues() {
        var drift = new Drift(MODEL.features(), 1000);
        Diabetes.rows().subList(0, 99).forEach(row -> drift.record(row.features()));

        assertThat(drift.index(0)).isNaN();
    }

    @Test
    void aBinHasItsUpperEnd() {
        List<Double> edges = List.of(1.0, 2.0);

        assertThat(List.of(Drift.bin(edges, 0.9), Drift.bin(edges, 1.0), Drift.bin(edges, 1.1), Drift.bin(edges, 2.1)))
                .containsExactly(0, 0, 1, 2);
    }

    private static List<Double> moved(List<Double> features) {
        List<Double> moved = new java.util.ArrayList<>(features);
        moved.set(2, features.get(2) + 0.05);
        return moved;
    }
}
