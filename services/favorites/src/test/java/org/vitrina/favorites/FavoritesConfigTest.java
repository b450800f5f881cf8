package org.vitrina.favorites;

import org.junit.jupiter.api.Test;
import org.vitrina.testing.config.ConfigCheck;

class FavoritesConfigTest {
    @Test
    void isAsRecorded() {
        ConfigCheck.of(
                FavoritesConfig.class, """
                max-products | 500 | 10000 | 1..10000
                """);
    }
}
