package org.vitrina.products;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProductQueryTest {
    @Test
    void whoHasTheOtherOrderBeginsAtTheNewest() {
        assertThat(ProductQuery.parse(true, null, null, null, null, null))
                .isEqualTo(new ProductQuery(true, Integer.MAX_VALUE, null, null, null, 100));
        assertThat(ProductQuery.parse(true, null, "5", null, null, null).after())
                .isEqualTo(5);
    }

    @Test
    void asksForTheFirstHundredWhenNothingIsSaid() {
        assertThat(ProductQuery.parse(false, null, null, null, null, null))
                .isEqualTo(new ProductQuery(false, 0, null, null, null, 100));
    }

    @Test
    void asksForAllThatAreNamed() {
        assertThat(ProductQuery.parse(false, null, null, null, List.of("3,1", "3"), null))
                .isEqualTo(new ProductQuery(false, 0, null, Set.of(1, 3), null, 500));
    }

    @Test
    void takesEveryParameterAsSaid() {
        assertThat(ProductQuery.parse(false, "500", "2147483647", "8", List.of("7"), "red shoe"))
                .isEqualTo(new ProductQuery(false, 2147483647, 8, Set.of(7), "'red':* & 'shoe':*", 500));
    }
}
