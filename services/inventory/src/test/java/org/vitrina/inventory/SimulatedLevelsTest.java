package org.vitrina.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SimulatedLevelsTest {
    private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);

    private final VirtualDelay pauses = new VirtualDelay();

    @Test
    void aLevelComesAfterAWholeNumberOfSecondsUpToTheLongestDelay() {
        simulated(FIVE_SECONDS, 1).levels(ids(500)).subscribe().with(level -> {});

        assertThat(pauses.ends()).hasSize(500);
        assertThat(Set.copyOf(pauses.ends()))
                .isEqualTo(IntStream.rangeClosed(0, 5)
                        .mapToObj(Duration::ofSeconds)
                        .collect(Collectors.toSet()));
    }

    @Test
    void levelsAreFrom0To100() {
        var come = come(simulated(FIVE_SECONDS, 2), ids(5000));
        pauses.advance(FIVE_SECONDS);

        assertThat(come.stream().mapToInt(Level::inventory).summaryStatistics())
                .satisfies(levels -> assertThat(levels.getMin()).isZero())
                .satisfies(levels -> assertThat(levels.getMax()).isEqualTo(100));
    }

    @Test
    void productsOfABatchComeIndependentlyOfEachOther() {
        var come = come(simulated(FIVE_SECONDS, 3), ids(60));
        var inTwoSeconds = pauses.ends().stream()
                .filter(end -> end.compareTo(Duration.ofSeconds(2)) <= 0)
                .count();
        assertThat(come).isEmpty();

        pauses.advance(Duration.ofSeconds(2));
        assertThat(inTwoSeconds).isBetween(1L, 59L);
        assertThat(come).hasSize((int) inTwoSeconds);

        pauses.advance(Duration.ofSeconds(3));
        assertThat(come).extracting(Level::productId).containsExactlyInAnyOrderElementsOf(ids(60));
    }

    @Test
    void aBatchIsCompleteWhenItsSlowestProductHasCome() {
        var complete = new ArrayList<String>();
        simulated(FIVE_SECONDS, 4).levels(ids(30)).subscribe().with(level -> {}, () -> complete.add("complete"));
        var slowest = pauses.ends().getLast();

        pauses.advance(slowest.minusMillis(1));
        assertThat(complete).isEmpty();

        pauses.advance(Duration.ofMillis(1));
        assertThat(complete).containsExactly("complete");
    }

    @Test
    void theSameSeedGivesTheSameLevels() {
        var first = come(simulated(FIVE_SECONDS, 5), ids(20));
        var second = come(simulated(FIVE_SECONDS, 5), ids(20));
        pauses.advance(FIVE_SECONDS);

        assertThat(first).hasSize(20).containsExactlyInAnyOrderElementsOf(second);
    }

    @Test
    void aLongestDelayBelowOneSecondMeansNone() {
        simulated(Duration.ofMillis(999), 6).levels(ids(100)).subscribe().with(level -> {});

        assertThat(Set.copyOf(pauses.ends())).containsExactly(Duration.ZERO);
    }

    @Test
    void aSingleProductIsLateToo() {
        var come = new ArrayList<Optional<Level>>();
        simulated(FIVE_SECONDS, 7).level(42).subscribe().with(come::add);
        assertThat(come).isEmpty();

        pauses.advance(FIVE_SECONDS);
        assertThat(come).singleElement().satisfies(level -> assertThat(level)
                .hasValueSatisfying(known -> assertThat(known.productId()).isEqualTo(42)));
    }

    @Test
    void aCancelledRequestLeavesNoTimerBehind() {
        var source = simulated(FIVE_SECONDS, 8);
        var batch = source.levels(ids(200)).subscribe().with(level -> {});
        var single = source.level(1).subscribe().with(level -> {});
        assertThat(pauses.ends()).hasSize(201);

        batch.cancel();
        single.cancel();
        assertThat(pauses.ends()).isEmpty();
    }

    private SimulatedLevels simulated(Duration maxDelay, long seed) {
        return new SimulatedLevels(maxDelay, new Random(seed), pauses);
    }

    private static List<Level> come(SimulatedLevels source, Set<Integer> ids) {
        var come = new ArrayList<Level>();
        source.levels(ids).subscribe().with(come::add);
        return come;
    }

    private static Set<Integer> ids(int count) {
        return IntStream.rangeClosed(1, count).boxed().collect(Collectors.toCollection(java.util.LinkedHashSet::new));
    }
}
