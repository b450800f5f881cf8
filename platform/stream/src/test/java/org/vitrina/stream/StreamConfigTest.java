package org.vitrina.stream;

import org.junit.jupiter.api.Test;
import org.vitrina.testing.config.ConfigCheck;

class StreamConfigTest {
    @Test
    void isAsRecorded() {
        ConfigCheck.of(
                StreamConfig.class,
                """
                consume         | true | false
                prefetch        | 2000 | 10    | 1..65535
                batch           | 250  | 5     | 1..5000
                confirm-timeout | 10s  | 1s    | 100ms..
                largest-message | 64K  | 1K
                """);
    }
}
