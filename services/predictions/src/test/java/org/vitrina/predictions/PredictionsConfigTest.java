package org.vitrina.predictions;

import org.junit.jupiter.api.Test;
import org.vitrina.testing.config.ConfigCheck;

class PredictionsConfigTest {
    @Test
    void isAsRecorded() {
        ConfigCheck.of(
                PredictionsConfig.class,
                """
                max-age                 | 5s    | 1s   | 1s..1h
                stale-if-error          | 10m   | 2s   | 0s..1d
                load-timeout            | 500ms | 30ms | 10ms..
                requests.keep           | 72h   | 1h   | 1h..
                requests.purge-every    | 10m   | 4s   | 10ms..
                events.poll             | 250ms | 90ms | 10ms..
                events.heartbeat        | 15s   | 10s  | 100ms..
                recompute.batch         | 500   | 5    | 1..10000
                recompute.waiting-limit | 2000  | 6    | 1..
                recompute.poll          | 1s    | 70ms | 10ms..
                """);
    }
}
