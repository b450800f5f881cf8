package org.vitrina.bff.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Intervals, against published ones. */
class ComparisonTest {
    private static final Offset<Double> PUBLISHED = within(0.00006);

    /** Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I, method 3. */
    @ParameterizedTest
    @CsvSource({"81, 263, 0.2553, 0.3662", "15, 148, 0.0624, 0.1605", "0, 20, 0.0000, 0.1611", "1, 29, 0.0061, 0.1718"})
    void aShareHasWilsonsInterval(long some, long of, double low, double high) {
        Interval interval = new Proportion(some, of).interval();

        assertThat(interval.low()).isCloseTo(low, PUBLISHED);
        assertThat(interval.high()).isCloseTo(high, PUBLISHED);
    }

    /** Newcombe, "Interval estimation for the difference between independent proportions", the same volume, table II, method 10. */
    @ParameterizedTest
    @CsvSource({
        "56, 70, 48, 80, 0.0524, 0.3339",
        "9, 10, 3, 10, 0.1705, 0.8090",
        "5, 56, 0, 29, -0.0381, 0.1926",
        "0, 10, 0, 10, -0.2775, 0.2775",
        "10, 10, 0, 20, 0.6791, 1.0000"
    })
    void aDifferenceOfSharesHasNewcombes(long some, long of, long others, long ofOthers, double low, double high) {
        Interval interval = new Proportion(some, of).less(new Proportion(others, ofOthers));

        assertThat(interval.low()).isCloseTo(low, PUBLISHED);
        assertThat(interval.high()).isCloseTo(high, PUBLISHED);
        assertThat(interval.isSure()).isEqualTo(low > 0);
    }

    @Test
    void nothingOfNothingMayBeAnything() {
        assertThat(new Proportion(0, 0).interval()).isEqualTo(new Interval(0, 0, 1));
        assertThat(new Proportion(0, 0).less(new Proportion(1, 2)).isSure()).isFalse();
        assertThat(new Proportion(0, 0).isSurelyAbove(0)).isFalse();
    }

    @Test
    void fewFailuresAreNotSurelyMoreThanAllowed() {
        assertThat(new Proportion(3, 20).isSurelyAbove(0.05)).isFalse();
        assertThat(new Proportion(10, 20).isSurelyAbove(0.05)).isTrue();
        assertThat(new Proportion(60, 1000).isSurelyAbove(0.05)).isFalse();
        assertThat(new Proportion(90, 1000).isSurelyAbove(0.05)).isTrue();
    }

    /** 10, 20, 30 and 40 ms: mean 25, variance of one 166.67, of the mean 41.67, half an interval 12.65. */
    @Test
    void aMeanHasItsInterval() {
        Interval interval = times(1000, 2000, 3000, 4000).interval();

        assertThat(interval.value()).isCloseTo(25, within(0.001));
        assertThat(interval.low()).isCloseTo(12.348, within(0.001));
        assertThat(interval.high()).isCloseTo(37.652, within(0.001));
    }

    @Test
    void aDifferenceOfMeansHasBothSpreads() {
        Interval interval = times(1000, 2000, 3000, 4000).less(times(500, 500, 500, 500));

        assertThat(interval.value()).isCloseTo(20, within(0.001));
        assertThat(interval.low()).isCloseTo(7.348, within(0.001));
        assertThat(times(1000).less(times(1000)).isSure()).isFalse();
    }

    private static MeanTime times(long... all) {
        long sum = 0;
        long squares = 0;
        for (long each : all) {
            sum += each;
            squares += each * each;
        }
        return new MeanTime(all.length, sum, squares);
    }
}
