package org.vitrina.persistence.idempotency;

import org.junit.jupiter.api.Test;
import org.vitrina.testing.config.ConfigCheck;

class IdempotencyConfigTest {
    @Test
    void isAsRecorded() {
        ConfigCheck.of(
                IdempotencyConfig.class,
                """
                keep           | 48h | 24h | 24h..
                purge-interval | 10m | 1s  | 10ms..
                """);
    }
}
