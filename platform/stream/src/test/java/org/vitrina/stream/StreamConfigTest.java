package org.vitrina.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.validator.BeanValidationConfigValidator;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamConfigTest {
    @Test
    void hasDefaults() {
        var config = config(Map.of());

        assertThat(config.consume()).isTrue();
        assertThat(config.prefetch()).isEqualTo(2000);
        assertThat(config.batch()).isEqualTo(250);
        assertThat(config.confirmTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.largestMessage().asLongValue()).isEqualTo(65_536);
    }

    @Test
    void readsItsKeys() {
        var config = config(Map.of(
                "vitrina.stream.consume", "false",
                "vitrina.stream.prefetch", "10",
                "vitrina.stream.batch", "5",
                "vitrina.stream.confirm-timeout", "1s",
                "vitrina.stream.largest-message", "1K"));

        assertThat(config.consume()).isFalse();
        assertThat(config.prefetch()).isEqualTo(10);
        assertThat(config.batch()).isEqualTo(5);
        assertThat(config.confirmTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.largestMessage().asLongValue()).isEqualTo(1024);
    }

    @ParameterizedTest
    @CsvSource({
        "vitrina.stream.prefetch, 0",
        "vitrina.stream.prefetch, 65536",
        "vitrina.stream.batch, 0",
        "vitrina.stream.confirm-timeout, 1ms",
        "vitrina.stream.pause, 1s"
    })
    void refusesWhatMakesNoSense(String key, String value) {
        assertThatThrownBy(() -> config(Map.of(key, value)))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining(key.substring(key.lastIndexOf('.') + 1));
    }

    private static StreamConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(StreamConfig.class)
                .withConverter(Duration.class, 100, new DurationConverter())
                .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .withValidator(new BeanValidationConfigValidator() {
                    @Override
                    public Validator getValidator() {
                        return Validation.buildDefaultValidatorFactory().getValidator();
                    }
                })
                .build()
                .getConfigMapping(StreamConfig.class);
    }
}
