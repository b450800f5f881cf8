package org.vitrina.bff.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrina.core.ProblemException;

class PageQueryTest {
    @Test
    void asksForTheFirstPageWithoutAQuery() {
        assertThat(PageQuery.of(null, null, null).query()).isEmpty();
        assertThat(PageQuery.of(null, null, null).link(7)).isEqualTo("</products/all?after=7>; rel=\"next\"");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "5, -, -, ?limit=5",
                "500, -, -, ?limit=500",
                "-, 7, -, ?after=7",
                "-, -, 2, ?category_id=2",
                "5, 7, 2, ?limit=5&after=7&category_id=2",
                "-, 2147483647, 2147483647, ?after=2147483647&category_id=2147483647",
                "005, 0000000007, -, ?limit=5&after=7"
            })
    void passesOnInOneFormForOneMeaning(String limit, String after, String category, String query) {
        assertThat(PageQuery.of(limit, after, category).query()).isEqualTo(query);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "5, -, -, </products/all?limit=5&after=9>; rel=\"next\"",
                "5, 7, 2, </products/all?limit=5&after=9&category_id=2>; rel=\"next\""
            })
    void linksToTheNextPageWithTheSameQuery(String limit, String after, String category, String link) {
        assertThat(PageQuery.of(limit, after, category).link(9)).isEqualTo(link);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "0, -, -, limit",
                "501, -, -, limit",
                "'', -, -, limit",
                "x, -, -, limit",
                "1.5, -, -, limit",
                "' 1', -, -, limit",
                "+1, -, -, limit",
                "٣, -, -, limit",
                "-, 0, -, after",
                "-, 2147483648, -, after",
                "-, 99999999999999999999, -, after",
                "-, -1, -, after",
                "-, -, 0, category_id",
                "-, -, 1e3, category_id"
            })
    void refusesWhatIsNoSuchNumberAndNamesIt(String limit, String after, String category, String field) {
        assertThatThrownBy(() -> PageQuery.of(limit, after, category))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.code().status()).isEqualTo(400))
                .hasMessageStartingWith(field + " must be a whole number from 1 to ");
    }
}
