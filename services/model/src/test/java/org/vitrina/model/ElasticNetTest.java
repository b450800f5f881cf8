package org.vitrina.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.vitrina.diabetes.Diabetes;

/** Regularised training on the diabetes data, against what scikit-learn gives and what follows from the formula. */
class ElasticNetTest {
    private static final List<TrainingRow> ROWS = Diabetes.rows().stream()
            .map(row -> new TrainingRow(row.features(), row.target()))
            .toList();

    private static Artefact fitted(double l1, double l2) {
        return Training.fit("2", Diabetes.names(), ROWS, "0", new Penalty(l1, l2))
                .checked();
    }

    private static double atRow102(Artefact model) {
        return model.predict(Diabetes.rows().get(102).features());
    }

    @Test
    void withoutWeightsLeastSquaresStayExact() {
        assertThat(fitted(0, 0)).isEqualTo(Training.fit("2", Diabetes.names(), ROWS, "0", Penalty.NONE));
        assertThat(atRow102(fitted(0, 0))).isCloseTo(150.647483, within(5e-7));
        // and are where ever smaller weights lead to
        assertThat(atRow102(fitted(1e-9, 1e-9))).isCloseTo(150.647483, within(1e-4));
    }

    @Test
    void aLargeL1LeavesNothingButTheMean() {
        Artefact model = fitted(1000, 0);

        assertThat(model.features()).allMatch(feature -> feature.coefficient() == 0);
        assertThat(atRow102(model)).isCloseTo(152.133484, within(1e-6));
    }

    @Test
    void l1LeavesFeaturesOutAndL2OnlyShrinksThem() {
        assertThat(fitted(5, 0).features().stream()
                        .filter(feature -> feature.coefficient() == 0)
                        .count())
                .isBetween(3L, 8L);
        assertThat(fitted(0, 5).features()).allMatch(feature -> feature.coefficient() != 0);
        assertThat(norm(fitted(0, 5))).isLessThan(norm(fitted(0, 0)));
    }

    private static double norm(Artefact model) {
        return model.features().stream()
                .mapToDouble(feature -> feature.coefficient() * feature.coefficient())
                .sum();
    }

    /** {@code ElasticNet(alpha=2, l1_ratio=.5, tol=1e-14)} behind scaling by the mean and the deviation of a sample. */
    @Test
    void isWhatScikitLearnGives() {
        assertThat(atRow102(fitted(1, 1))).isCloseTo(144.670466475, within(1e-6));
    }

    @Test
    void negativeWeightsAreRefused() {
        assertThatThrownBy(() -> new Penalty(-1, 0)).hasMessageContaining("must be 0 or more");
        assertThatThrownBy(() -> new Penalty(0, Double.NaN)).isInstanceOf(ArtefactException.class);
    }
}
