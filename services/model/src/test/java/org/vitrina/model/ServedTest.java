package org.vitrina.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ServedTest {
    private static final Artefact FIRST = FirstModel.train();
    private static final Artefact SECOND =
            new Artefact("2", "target", FIRST.features(), 0, FIRST.sha256(), FIRST.quality(), FIRST.answers());

    @Test
    void dividesKeysByWeight() {
        ServingVersions served = served(90, 10);

        long seconds = IntStream.range(0, 10_000)
                .filter(key -> served.forKey("product:" + key + ":1").version().equals("2"))
                .count();

        assertThat(seconds).isBetween(800L, 1200L);
    }

    @Test
    void aKeyStaysWithItsVersion() {
        ServingVersions served = served(50, 50);
        for (int key = 0; key < 1000; key++) {
            String name = "key-" + key;
            assertThat(served.forKey(name)).isSameAs(served.forKey(name));
        }
    }

    @Test
    void aVersionWithoutWeightPredictsNothing() {
        ServingVersions served = served(0, 1);

        assertThat(IntStream.range(0, 1000)
                        .mapToObj(key -> served.forKey("k" + key).version()))
                .containsOnly("2");
    }

    private static ServingVersions served(int first, int second) {
        return new ServingVersions(
                new Choice(List.of(new Share("1", first), new Share("2", second)), List.of(), List.of()),
                List.of(FIRST, SECOND));
    }
}
