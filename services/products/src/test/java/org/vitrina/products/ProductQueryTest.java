package org.vitrina.products;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProductQueryTest {
    @Test
    void asksForTheFirstHundredWhenNothingIsSaid() {
        assertThat(ProductQuery.parse(null, null, null, null, null))
                .isEqualTo(new ProductQuery(0, null, null, null, 100));
    }

    @Test
    void asksForAllThatAreNamed() {
        assertThat(ProductQuery.parse(null, null, null, List.of("3,1", "3"), null))
                .isEqualTo(new ProductQuery(0, null, Set.of(1, 3), null, 500));
    }

    @Test
    void takesEveryParameterAsSaid() {
        assertThat(ProductQuery.parse("500", "2147483647", "8", List.of("7"), "red shoe"))
                .isEqualTo(new ProductQuery(2147483647, 8, Set.of(7), "'red':* & 'shoe':*", 500));
    }
}
