package org.vitrina.discovery;

import org.junit.jupiter.api.Test;
import org.vitrina.testing.config.ConfigCheck;

class DiscoveryConfigTest {
    @Test
    void isAsRecorded() {
        ConfigCheck.of(
                DiscoveryConfig.class,
                """
                discovery              | off                   | registry             | Pattern  | on
                discovery.registries   | http://127.0.0.1:8020 | http://10.0.0.1:8020
                discovery.address      | -                     | 10.0.0.7
                discovery.port         | -                     | 81                   | 1..65535
                discovery.id           | -                     | one                  | Pattern  | -one
                discovery.zone         | -                     | west
                discovery.weight       | 100                   | 7                    | 0..1000
                discovery.version      | -                     | 1.1
                discovery.secret       | -                     | a-secret
                discovery.balancer     | power-of-two          | round-robin          | Pattern  | random
                discovery.versions     | -                     | 1.0=90
                discovery.max-failures | 5                     | 3                    | 1..1000
                discovery.eject-for    | 1s                    | 2s                   | 10ms..1m
                """);
    }
}
