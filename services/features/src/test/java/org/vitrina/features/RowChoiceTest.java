package org.vitrina.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected rows are those of numpy 2: {@code numpy.random.seed(N)}, then {@code numpy.random.randint(0, 441)}. */
class RowChoiceTest {
    private static final int ROWS = 442;

    @ParameterizedTest
    @CsvSource({
        "0, '172, 47, 117, 192, 323, 251, 195, 359'",
        "7, '175, 196, 25, 67, 211, 407, 103, 348'",
        "42, '102, 435, 348, 270, 106, 71, 188, 20'",
        "4294967295, '419, 290, 12, 71, 436, 64, 214, 288'"
    })
    void aSeedChoosesTheRowsThatNumpyChooses(long seed, String expected) {
        IntSupplier rows = RowChoice.asNumpy((int) seed, ROWS);

        assertThat(IntStream.generate(rows).limit(8).boxed().map(String::valueOf))
                .containsExactly(expected.split(", "));
    }

    @Test
    void goesOnAsNumpyBeyondTheGeneratorsFirstRound() {
        IntSupplier rows = RowChoice.asNumpy(42, ROWS);

        int[] chosen = IntStream.generate(rows).limit(1000).toArray();

        assertThat(IntStream.of(chosen).sum()).isEqualTo(220_759);
        assertThat(chosen[998]).isEqualTo(7);
        assertThat(chosen[999]).isEqualTo(387);
    }

    @Test
    void withoutASeedEveryRowComes() {
        IntSupplier rows = RowChoice.random(3);

        assertThat(IntStream.generate(rows).limit(1000).distinct().boxed()).containsExactlyInAnyOrder(0, 1, 2);
    }
}
