package org.vitrina.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RingTest {
    private static final int KEYS = 20_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6, 20})
    void movesOnlyTheShareOfAServerThatComesOrGoes(int count) {
        List<String> names =
                IntStream.range(0, count).mapToObj(i -> "10.0.0." + i + ":6379").toList();
        List<String> more = new ArrayList<>(names);
        more.add(0, "10.0.1.7:6379");
        Ring before = new Ring(names);
        Ring after = new Ring(more);
        int moved = 0;
        int[] share = new int[count + 1];
        for (int i = 0; i < KEYS; i++) {
            String key = "product-" + i;
            String owner = more.get(after.owner(key));
            share[after.owner(key)]++;
            if (!owner.equals(names.get(before.owner(key)))) {
                moved++;
                // and to none but the new one
                assertThat(owner).isEqualTo(more.get(0));
            }
        }
        assertThat(moved / (double) KEYS).isLessThanOrEqualTo(1.0 / (count + 1) + 0.05);
        for (int each : share) {
            assertThat(each / (double) KEYS).isBetween(0.7 / (count + 1), 1.3 / (count + 1));
        }
    }
}
