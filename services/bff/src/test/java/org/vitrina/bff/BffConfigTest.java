package org.vitrina.bff;

import org.junit.jupiter.api.Test;
import org.vitrina.testing.config.ConfigCheck;

class BffConfigTest {
    @Test
    void isAsRecorded() {
        ConfigCheck.of(
                BffConfig.class,
                """
                budget                | 2s   | 3s
                warm-up               | 5s   | 11s
                default-user          | 3    | 4     | 1..
                event-idle-limit      | 45s  | 12s   | 100ms..
                hosts                 | localhost | shop.example.com,b.example.com
                keeper                | false | true
                ops.interval          | 1s   | 5s    | 100ms..15s
                ops.services          | -    | orders=http://127.0.0.1:18004
                ops.replicas          | -    | http://127.0.0.1:9000,http://127.0.0.1:9100
                products.ttl          | 5s   | 6s
                products.max-stale    | 10m  | 7s
                inventory.batch       | true | false
                inventory.ttl         | 1s   | 8s
                inventory.max-stale   | 30s  | 9s
                inventory.unknown-ttl | 1s   | 10s
                products, inventory, favorites, cart, orders, wallet, notifications, predictions:
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
                max-connections    | 512   | 10                          | 1..
                max-waiting        | 8192  | 11                          | 0..
                connect-timeout    | 500ms | 12ms
                max-answer         | 1M    | 13K
                """);
    }
}
