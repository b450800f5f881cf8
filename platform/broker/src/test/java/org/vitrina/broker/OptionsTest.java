package org.vitrina.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
    @Test
    void hasDefaults() {
        assertThat(Options.of(List.of())).isEqualTo(new Options(5672, null));
    }

    @Test
    void readsPortAndFolder() {
        assertThat(Options.of(List.of("--data", "/var/tmp/x", "--port", "15672")))
                .isEqualTo(new Options(15672, Path.of("/var/tmp/x")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--port", "--port 0", "--port 65536", "--port x", "--host 127.0.0.1", "15672"})
    void refusesWhatItDoesNotKnow(String commandLine) {
        assertThatThrownBy(() -> Options.of(List.of(commandLine.split(" "))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
