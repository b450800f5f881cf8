package org.vitrina.metrics;

import org.junit.jupiter.api.Test;
import org.vitrina.testing.config.ConfigCheck;

class MetricsConfigTest {
    @Test
    void isAsRecorded() {
        ConfigCheck.of(
                MetricsConfig.class,
                """
                log.file      | logs/labels_log.txt                          | /tmp/log
                log.text      | Из очереди {queue} получено значение {value} | {value}
                log.size      | 10M                                          | 1K
                log.keep      | 3                                            | 1        | 1..100
                partner-limit | 10m                                          | 1m       | 100ms..
                keep          | 30d                                          | 1d       | 1m..
                upkeep        | 5s                                           | 1s       | 50ms..
                moving        | 100                                          | 7        | 1..10000
                """);
    }
}
