package org.vitrina.persistence.trail;

import org.junit.jupiter.api.Test;
import org.vitrina.testing.config.ConfigCheck;

class AuditTrailConfigTest {
    @Test
    void isAsRecorded() {
        ConfigCheck.of(
                AuditTrailConfig.class,
                """
                keep           | 1096d | 400d | 366d..
                purge-interval | 1h    | 1s   | 10ms..
                """);
    }
}
