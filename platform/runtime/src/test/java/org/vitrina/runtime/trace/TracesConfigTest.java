package org.vitrina.runtime.trace;

import org.junit.jupiter.api.Test;
import org.vitrina.testing.config.ConfigCheck;

class TracesConfigTest {
    @Test
    void isAsRecorded() {
        ConfigCheck.of(
                TracesConfig.class,
                """
                url     | -    | http://collector:4318
                share   | 0.05 | 0.5  | 0..1
                queue   | 4096 | 1024 | 512..65536
                timeout | 5s   | 1s
                """);
    }
}
