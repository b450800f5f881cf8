package org.vitrina.bff;

import org.junit.jupiter.api.Test;
import org.vitrina.testing.config.ConfigCheck;

class ExperimentsConfigTest {
    @Test
    void isAsRecorded() {
        ConfigCheck.of(
                ExperimentsConfig.class,
                """
                variants      | -  | products/newest=http://products-newest cart/next
                sync-interval | 1s | 2s | 100ms..1m
                guard-window  | 1m | 2m | 1s..1h
                """);
    }
}
