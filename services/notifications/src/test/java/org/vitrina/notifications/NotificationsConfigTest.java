package org.vitrina.notifications;

import org.junit.jupiter.api.Test;
import org.vitrina.testing.config.ConfigCheck;

class NotificationsConfigTest {
    @Test
    void isAsRecorded() {
        ConfigCheck.of(
                NotificationsConfig.class,
                """
                delivery                       | exactly-once          | at-most-once
                sms-gateway.url                | http://127.0.0.1:8030 | https://sms.example/api
                sms-gateway.timeout            | 3s                    | 1s                      | 10ms..1m
                sms-gateway.hedge-after        | 300ms                 | 400ms                   | 1ms..
                sms-gateway.window             | 20                    | 3                       | 1..
                sms-gateway.max-failures       | 14                    | 4                       | 1..
                sms-gateway.reset-interval     | 5s                    | 7s
                sms-gateway.max-retries        | 3                     | 6                       | 0..10
                sms-gateway.retry-interval     | 20ms                  | 7ms
                sms-gateway.retry-jitter       | 20ms                  | 8ms
                sms-gateway.retry-share        | 0.3                   | 0.8
                sms-gateway.retries-per-second | 10                    | 9                       | 1..
                sms-gateway.max-connections    | 512                   | 10                      | 1..
                sms-gateway.max-waiting        | 8192                  | 11                      | 0..
                sms-gateway.connect-timeout    | 500ms                 | 12ms
                sms-gateway.max-answer         | 64K                   | 13K
                parallel                       | 16                    | 2                       | 1..1000
                attempts                       | 5                     | 3                       | 1..
                first-pause                    | 500ms                 | 10ms                    | 10ms..
                longest-pause                  | 1m                    | 2s                      | 10ms..
                lease                          | 30s                   | 1s                      | 100ms..
                poll                           | 500ms                 | 20ms                    | 10ms..
                unsettled-limit                | 15m                   | 1m                      | 1s..
                audit-interval                 | 30s                   | 5s                      | 1s..
                """);
    }
}
