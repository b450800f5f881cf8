package org.vitrina.features;

import org.junit.jupiter.api.Test;
import org.vitrina.testing.config.ConfigCheck;

class FeaturesConfigTest {
    @Test
    void isAsRecorded() {
        ConfigCheck.of(
                FeaturesConfig.class,
                """
                send          | true  | false
                interval      | 10s   | 1ms   | 1ms..
                once          | false | true
                log-messages  | false | true
                seed          | -     | 7     | 0..4294967295
                row           | -     | 102   | 0..441
                longest-pause | 5s    | 1s    | 100ms..
                """);
    }
}
