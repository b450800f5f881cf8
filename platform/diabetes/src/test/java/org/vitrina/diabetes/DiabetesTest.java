package org.vitrina.diabetes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DiabetesTest {
    @Test
    void hasEveryRowWithItsTruth() {
        assertThat(Diabetes.rows()).hasSize(442).allSatisfy(row -> assertThat(row.features())
                .hasSize(Diabetes.FEATURES));
        assertThat(Diabetes.rows().getFirst().features().getFirst()).isEqualTo(0.038075906433423026);
        assertThat(Diabetes.rows().get(102).target()).isEqualTo(302.0);
        assertThat(Diabetes.names()).containsExactly("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6");
    }
}
