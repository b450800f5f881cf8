package org.vitrina.persistence;

import org.junit.jupiter.api.Test;
import org.vitrina.testing.config.ConfigCheck;

class PostgresConfigTest {
    @Test
    void isAsRecorded() {
        ConfigCheck.of(
                PostgresConfig.class,
                """
                ca-file                     | -      | /etc/ca.crt
                max-waiting                 | 10000  | 7  | 0..
                acquire-timeout             | 2s     | 1s
                connect-timeout             | 500ms  | 2s
                silence-limit               | 3s     | 4s
                statement-timeout           | 2500ms | 5s
                idle-in-transaction-timeout | 5s     | 6s
                read-url                    | -      | postgresql://replica:5432/products
                read-max-lag                | 2s     | 5s | 100ms..5m
                """);
        ConfigCheck.of(SchemaConfig.class, "required | - | 0001-a");
    }
}
