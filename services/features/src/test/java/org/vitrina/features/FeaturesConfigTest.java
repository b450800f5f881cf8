package org.vitrina.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
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

class FeaturesConfigTest {
    @Test
    void hasDefaults() {
        var config = config(Map.of());

        assertThat(config.send()).isTrue();
        assertThat(config.interval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.once()).isFalse();
        assertThat(config.seed()).isEmpty();
        assertThat(config.row()).isEmpty();
        assertThat(config.longestPause()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void readsItsKeys() {
        var config = config(Map.ofEntries(
                Map.entry("vitrina.features.send", "false"),
                Map.entry("vitrina.features.interval", "1ms"),
                Map.entry("vitrina.features.once", "true"),
                Map.entry("vitrina.features.seed", "7"),
                Map.entry("vitrina.features.row", "102"),
                Map.entry("vitrina.features.longest-pause", "1s")));

        assertThat(config.send()).isFalse();
        assertThat(config.interval()).isEqualTo(Duration.ofMillis(1));
        assertThat(config.once()).isTrue();
        assertThat(config.seed()).hasValue(7);
        assertThat(config.row()).contains(102);
        assertThat(config.longestPause()).isEqualTo(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource({
        "vitrina.features.interval, 0s",
        "vitrina.features.longest-pause, 1ms",
        "vitrina.features.row, 442",
        "vitrina.features.row, -1",
        "vitrina.features.rows, 1"
    })
    void refusesWhatMakesNoSense(String key, String value) {
        assertThatThrownBy(() -> config(Map.of(key, value)))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining(key.substring(key.lastIndexOf('.') + 1));
    }

    private static FeaturesConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(FeaturesConfig.class)
                .withConverter(Duration.class, 100, new DurationConverter())
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .withValidator(new BeanValidationConfigValidator() {
                    @Override
                    public Validator getValidator() {
                        return Validation.buildDefaultValidatorFactory().getValidator();
                    }
                })
                .build()
                .getConfigMapping(FeaturesConfig.class);
    }
}
