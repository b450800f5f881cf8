package org.vitrina.messaging;

import org.junit.jupiter.api.Test;
import org.vitrina.amqp.BrokerConfig;
import org.vitrina.testing.config.ConfigCheck;

class MessagingConfigTest {
    @Test
    void theBrokerIsAsRecorded() {
        ConfigCheck.of(
                BrokerConfig.class,
                """
                enabled                | true      | false
                host                   | 127.0.0.1 | rabbit | NotEmpty
                port                   | 5672      | 5671   | 1..65535
                username               | guest     | u
                password               | guest     | p
                virtual-host           | /         | shop
                tls                    | false     | true
                ca-file                | -         | /etc/ca.crt
                prefix                 | -         | a.
                connect-timeout        | 3s        | 1s     | 1ms..
                heartbeat              | 5s        | 2s     | 1s..
                connection-age         | 5m        | 1m     | 100ms..
                longest-pause          | 5s        | 3s     | 100ms..
                check-interval         | 10s       | 2s     | 100ms..
                queues.*.exchange      | !         | e      | NotEmpty
                queues.*.exchange-type | topic     | fanout
                queues.*.routing-keys  | !         | k1,k2  | NotEmpty
                """);
    }

    @Test
    void theOutboxIsAsRecorded() {
        ConfigCheck.of(
                OutboxConfig.class,
                """
                relay           | true | false
                batch           | 256  | 1     | 1..5000
                batch-of-key    | 16   | 2     | 1..1000
                lease           | 30s  | 4s    | 100ms..
                confirm-timeout | 5s   | 1s    | 50ms..
                gather          | 20ms | 3ms   | 1ms..
                poll            | 1s   | 20ms  | 10ms..
                """);
    }

    @Test
    void theQueuesAreAsRecorded() {
        ConfigCheck.of(
                QueuesConfig.class,
                """
                consume         | true  | false
                prefetch        | 32    | 7     | 1..1000
                largest-message | 64K   | 1K
                attempts        | 5     | 3     | 1..
                first-pause     | 1s    | 10ms  | 10ms..
                longest-pause   | 5m    | 20ms  | 10ms..
                lease           | 30s   | 5s    | 100ms..
                poll            | 500ms | 30ms  | 10ms..
                remember        | 30d   | 1d    | 1m..
                """);
    }
}
