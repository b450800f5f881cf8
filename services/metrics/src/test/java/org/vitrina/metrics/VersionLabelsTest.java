package org.vitrina.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VersionLabelsTest {
    @Test
    void theFirstFewVersionsHaveTheirOwnAndAllOthersOne() {
        var labels = new VersionLabels();
        Set<String> told = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            told.add(labels.label("v" + i));
        }
        assertThat(told).hasSize(21).contains("v0", "v19", VersionLabels.OTHER);
        assertThat(labels.label("v3")).isEqualTo("v3");
        assertThat(new VersionLabels().label("v".repeat(65))).isEqualTo(VersionLabels.OTHER);
    }
}
