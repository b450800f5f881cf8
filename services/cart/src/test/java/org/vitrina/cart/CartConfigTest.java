package org.vitrina.cart;

import org.junit.jupiter.api.Test;
import org.vitrina.testing.config.ConfigCheck;

class CartConfigTest {
    @Test
    void isAsRecorded() {
        ConfigCheck.of(CartConfig.class, """
                max-lines | 500 | 10000 | 1..10000
                """);
    }
}
