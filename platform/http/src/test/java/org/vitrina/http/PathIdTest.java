package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

class PathIdTest {
    @Test
    void readsPositiveIntegersUpToTheLargest() {
        assertThat(PathId.parse("id", "1")).isEqualTo(1);
        assertThat(PathId.parse("id", "007")).isEqualTo(7);
        assertThat(PathId.parse("id", "2147483647")).isEqualTo(Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "+1", "1.0", "1e3", " 1", "0x1", "2147483648", "99999999999", "١"})
    void refusesEverythingElseWith400(String text) {
        assertThatThrownBy(() -> PathId.parse("product_ids", text))
                .isInstanceOfSatisfying(ProblemException.class, problem -> {
                    assertThat(problem.code()).isEqualTo(ErrorCode.BAD_REQUEST);
                    assertThat(problem.detail()).isEqualTo("product_ids must be an integer from 1 to 2147483647.");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "101", "x", "", "2147483648"})
    void aLimitIsToldWithItsOwnBounds(String limit) {
        assertThatThrownBy(() -> Page.limit(limit, 20, 100))
                .isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(problem.detail())
                        .isEqualTo("limit must be an integer from 1 to 100."));
        assertThat(Page.limit("100", 20, 100)).isEqualTo(100);
        assertThat(Page.limit(null, 20, 100)).isEqualTo(20);
    }
}
