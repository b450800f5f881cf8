package org.vitrina.servers.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerOptionsTest {
    @Test
    void hasDefaults() {
        assertThat(BrokerOptions.of(List.of())).isEqualTo(new BrokerOptions(5672, null));
    }

    @Test
    void readsPortAndFolder() {
        assertThat(BrokerOptions.of(List.of("--data", "/var/tmp/x", "--port", "15672")))
                .isEqualTo(new BrokerOptions(15672, Path.of("/var/tmp/x")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--port", "--port 0", "--port 65536", "--port x", "--host 127.0.0.1", "15672"})
    void refusesWhatItDoesNotKnow(String commandLine) {
        assertThatThrownBy(() -> BrokerOptions.of(List.of(commandLine.split(" "))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
