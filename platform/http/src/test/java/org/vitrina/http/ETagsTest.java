package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ETagsTest {
    @Test
    void quotesTheVersion() {
        assertThat(ETags.of(5)).isEqualTo("\"5\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"5\"",
                "*",
                " * ",
                "\"4\", \"5\"",
                "\"4\",\"5\"",
                "W/\"5\", \"5\"",
                "5",
                "4, 5",
                "\"a,b\", \"5\""
            })
    void matchesTheTagQuotedOrNotInAListOrAnything(String ifMatch) {
        assertThat(ETags.matches(ifMatch, "\"5\"")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"4\"", "W/\"5\"", "\"5", "\"55\"", "\"*\"", "W/*", "\"4,5\"", "\"4\", \"6\"", "W/5"})
    void neverMatchesAnotherOrAWeakTag(String ifMatch) {
        assertThat(ETags.matches(ifMatch, "\"5\"")).isFalse();
    }

    @Test
    void letsThroughWithoutACondition() {
        assertThat(ETags.matches(null, "\"5\"")).isTrue();
        assertThat(ETags.noneMatch(null, "\"5\"")).isTrue();
    }

    @Test
    void comparesWeaklyForIfNoneMatch() {
        assertThat(ETags.noneMatch("W/\"5\"", "\"5\"")).isFalse();
        assertThat(ETags.noneMatch("*", "\"5\"")).isFalse();
        assertThat(ETags.noneMatch("\"4\", W/\"6\"", "\"5\"")).isTrue();
    }

    @Test
    void joinsSeveralFieldLines() {
        assertThat(ETags.field(null)).isNull();
        assertThat(ETags.field(List.of())).isNull();
        assertThat(ETags.field(List.of("\"4\""))).isEqualTo("\"4\"");
        assertThat(ETags.field(List.of("\"4\"", "\"5\""))).isEqualTo("\"4\", \"5\"");
    }
}
