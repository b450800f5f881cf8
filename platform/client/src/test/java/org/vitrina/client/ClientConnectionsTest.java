package org.vitrina.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClientConnectionsTest {
    @Test
    void theLongestCallIsThatOfTheMostPatientDependency() {
        var config = new SmallRyeConfigBuilder()
                .withDefaultValue("vitrina.shop.cart.url", "http://cart")
                .withDefaultValue("vitrina.shop.cart.timeout", "300ms")
                .withDefaultValue("vitrina.shop.worker.metrics.url", "http://metrics")
                .withDefaultValue("vitrina.shop.worker.metrics.timeout", "30s")
                .withDefaultValue("vitrina.shop.wallet.url", "http://wallet")
                .withDefaultValue("vitrina.shop.lease.timeout", "1h")
                .build();

        assertThat(ClientConnections.longestCall(config)).isEqualTo(Duration.ofSeconds(30));
        assertThat(ClientConnections.longestCall(new SmallRyeConfigBuilder().build()))
                .isEqualTo(Duration.ofSeconds(1));
    }
}
