package org.vitrina.registry;

import org.junit.jupiter.api.Test;
import org.vitrina.testing.config.ConfigCheck;

class RegistryConfigTest {
    @Test
    void isAsRecorded() {
        ConfigCheck.of(
                RegistryConfig.class,
                """
                ttl           | 15s   | 20s             | 300ms..10m
                sync-interval | 50ms  | 1s              | 10ms..10s
                redis-timeout | 250ms | 100ms           | 10ms..5s
                networks      | -     | 10.0.0.0/8
                secrets       | -     | cart=a-secret
                """);
    }
}
