package org.vitrina.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class VariantHeaderTest {
    @Test
    void namesAVariantOfAService() {
        assertThat(VariantHeader.of("products", "products/newest")).isEqualTo("newest");
        assertThat(VariantHeader.of("predictions", "predictions/1.2_b-3")).isEqualTo("1.2_b-3");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "products",
                "products/",
                "productsx/a",
                "cart/a",
                "products/a b",
                "products/../a",
                "products/a\n"
            })
    void anythingElseNamesNone(@Nullable String header) {
        assertThat(VariantHeader.of("products", header)).isNull();
    }
}
