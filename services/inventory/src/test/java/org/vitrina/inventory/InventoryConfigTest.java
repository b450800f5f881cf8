package org.vitrina.inventory;

import org.junit.jupiter.api.Test;
import org.vitrina.testing.config.ConfigCheck;

class InventoryConfigTest {
    @Test
    void isAsRecorded() {
        ConfigCheck.of(
                InventoryConfig.class,
                """
                mode                      | real | simulated
                simulated.max-delay       | 5s   | 0s        | 0s..1m
                simulated.seed            | -    | 42
                reservations.lifetime     | 15m  | 1s        | 1s..
                reservations.expiry-every | 5s   | 100ms     | 1ms..
                reservations.retention    | 30d  | 1m        | 1m..
                reservations.purge-every  | 10m  | 2s        | 1ms..
                audit-every               | 1m   | 3s        | 1ms..
                audit-window              | 24h  | 2h        | 1m..
                """);
    }
}
