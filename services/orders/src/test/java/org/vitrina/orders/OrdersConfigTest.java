package org.vitrina.orders;

import org.junit.jupiter.api.Test;
import org.vitrina.testing.config.ConfigCheck;

class OrdersConfigTest {
    @Test
    void isAsRecorded() {
        ConfigCheck.of(
                OrdersConfig.class,
                """
                default-user        | 3     | 4     | 1..
                require-if-match    | false | true
                read-deadline       | 1s    | 2s
                answer-reserve      | 200ms | 100ms | 0s..
                warm-up             | 2s    | 3s    | 0s..
                saga.lease          | 10s   | 1s    | 100ms..
                saga.limit          | 10m   | 3m    | 100ms..14m
                saga.first-pause    | 200ms | 4ms   | 1ms..
                saga.longest-pause  | 30s   | 5s    | 1ms..
                saga.sweep-interval | 500ms | 60ms  | 10ms..
                saga.sweep-batch    | 64    | 7     | 1..1000
                saga.gather         | 25ms  | 8ms   | 1ms..1s
                events.poll         | 250ms | 90ms  | 10ms..
                events.heartbeat    | 15s   | 10s   | 100ms..
                audit.interval      | 1m    | 11s   | 100ms..
                audit.window        | 24h   | 12h   | 1m..
                audit.untaken-limit | 10m   | 2m    | 1s..
                addresses.keep        | 365d | 30d | 1m..
                addresses.purge-every | 10m  | 2m  | 1ms..
                products, wallet, inventory, notifications:
                url                | !     | https://elsewhere:8443/base
                timeout            | 1s    | 2s                          | 10ms..1m
                hedge-after        | 300ms | 400ms                       | 1ms..
                window             | 20    | 3                           | 1..
                max-failures       | 14    | 4                           | 1..
                reset-interval     | 5s    | 7s
                max-retries        | 3     | 6                           | 0..10
                retry-interval     | 20ms  | 7ms
                retry-jitter       | 20ms  | 8ms
                retry-share        | 0.3   | 0.8
                retries-per-second | 10    | 9                           | 1..
                max-connections    | 64    | 10                          | 1..
                max-waiting        | 2048  | 11                          | 0..
                connect-timeout    | 500ms | 12ms
                max-answer         | 1M    | 13K
                """);
    }
}
