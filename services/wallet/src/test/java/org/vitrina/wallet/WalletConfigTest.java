package org.vitrina.wallet;

import org.junit.jupiter.api.Test;
import org.vitrina.testing.config.ConfigCheck;

class WalletConfigTest {
    @Test
    void isAsRecorded() {
        ConfigCheck.of(
                WalletConfig.class,
                """
                demo-top-up         | false | true
                tombstone-retention | 30d   | 1m    | 1m..
                purge-every         | 10m   | 200ms | 1ms..
                audit-every         | 1m    | 2s    | 1ms..
                audit-window        | 24h   | 2h    | 1m..
                """);
    }
}
