package org.vitrina.products;

import org.junit.jupiter.api.Test;
import org.vitrina.testing.config.ConfigCheck;

class ProductsConfigTest {
    @Test
    void isAsRecorded() {
        ConfigCheck.of(
                ProductsConfig.class,
                """
                list-max-age        | 5s  | 1s | 0s..1h
                list-stale-if-error | 10m | 1m | 0s..1d
                """);
    }
}
