package org.vitrina.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vitrina.inventory.ProductLevel.Reason.TIMEOUT;
import static org.vitrina.inventory.ProductLevel.Reason.UNKNOWN;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BatchTest {
    @Test
    void answersInTheOrderAskedAndAProductAskedTwiceTwice() {
        var batch = new LevelBatch(List.of(3, 1, 3, 2));
        batch.gather(source(Multi.createFrom().items(new Level(1, 10), new Level(3, 0))))
                .await()
                .indefinitely();

        assertThat(batch.answer(UNKNOWN))
                .containsExactly(
                        new ProductLevel(3, 0, null),
                        new ProductLevel(1, 10, null),
                        new ProductLevel(3, 0, null),
                        new ProductLevel(2, null, UNKNOWN));
    }

    @Test
    void answersWhatHasComeBeforeTheRest() {
        var batch = new LevelBatch(List.of(1, 2));
        var complete = new ArrayList<Object>();
        var late = Multi.createBy()
                .concatenating()
                .streams(
                        Multi.createFrom().item(new Level(2, 7)),
                        Multi.createFrom().<Level>nothing());
        batch.gather(source(late)).subscribe().with(complete::add);

        assertThat(complete).isEmpty();
        assertThat(batch.answer(TIMEOUT))
                .containsExactly(new ProductLevel(1, null, TIMEOUT), new ProductLevel(2, 7, null));
    }

    @Test
    void asksForEachProductOnce() {
        var asked = new ArrayList<Set<Integer>>();
        new LevelBatch(List.of(5, 4, 5))
                .gather(new LevelSource() {
                    @Override
                    public Uni<Optional<Level>> level(int productId) {
                        throw new AssertionError("one by one");
                    }

                    @Override
                    public Multi<Level> levels(Set<Integer> productIds) {
                        asked.add(productIds);
                        return Multi.createFrom().empty();
                    }
                })
                .await()
                .indefinitely();

        assertThat(asked).containsExactly(Set.of(4, 5));
    }

    private static LevelSource source(Multi<Level> levels) {
        return new LevelSource() {
            @Override
            public Uni<Optional<Level>> level(int productId) {
                throw new AssertionError("one by one");
            }

            @Override
            public Multi<Level> levels(Set<Integer> productIds) {
                return levels;
            }
        };
    }
}
