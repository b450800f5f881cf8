package org.vitrina.metrics;

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
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsConfigTest {
    @Test
    void hasDefaults() {
        var config = config(Map.of());

        assertThat(config.log().file()).isEqualTo(Path.of("logs/labels_log.txt"));
        assertThat(config.log().text()).isEqualTo("Из очереди {queue} получено значение {value}");
        assertThat(config.log().size().asLongValue()).isEqualTo(10L << 20);
        assertThat(config.log().keep()).isEqualTo(3);
        assertThat(config.partnerLimit()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.keep()).isEqualTo(Duration.ofDays(30));
        assertThat(config.upkeep()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.moving()).isEqualTo(100);
    }

    @Test
    void readsItsKeys() {
        var config = config(Map.ofEntries(
                Map.entry("vitrina.metrics.log.file", "/tmp/log"),
                Map.entry("vitrina.metrics.log.text", "{value}"),
                Map.entry("vitrina.metrics.log.size", "1K"),
                Map.entry("vitrina.metrics.log.keep", "1"),
                Map.entry("vitrina.metrics.partner-limit", "1m"),
                Map.entry("vitrina.metrics.keep", "1d"),
                Map.entry("vitrina.metrics.upkeep", "1s"),
                Map.entry("vitrina.metrics.moving", "7")));

        assertThat(config.log().file()).isEqualTo(Path.of("/tmp/log"));
        assertThat(config.log().text()).isEqualTo("{value}");
        assertThat(config.log().size().asLongValue()).isEqualTo(1024);
        assertThat(config.log().keep()).isEqualTo(1);
        assertThat(config.partnerLimit()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.keep()).isEqualTo(Duration.ofDays(1));
        assertThat(config.upkeep()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.moving()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({
        "vitrina.metrics.log.keep, 0",
        "vitrina.metrics.partner-limit, 1ms",
        "vitrina.metrics.keep, 1s",
        "vitrina.metrics.upkeep, 1ms",
        "vitrina.metrics.moving, 0",
        "vitrina.metrics.windows, 1"
    })
    void refusesWhatMakesNoSense(String key, String value) {
        assertThatThrownBy(() -> config(Map.of(key, value)))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining(key.substring(key.lastIndexOf('.') + 1));
    }

    private static MetricsConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(MetricsConfig.class)
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
                .getConfigMapping(MetricsConfig.class);
    }
}
