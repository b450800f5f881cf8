package org.vitrina.model;

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
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelConfigTest {
    @Test
    void hasDefaults() {
        var config = config(Map.of());

        assertThat(config.directory()).isEmpty();
        assertThat(config.watch()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.driftWindow()).isEqualTo(5000);
        assertThat(config.worker()).isFalse();
        assertThat(config.retraining().metrics().url()).isEqualTo(URI.create("http://127.0.0.1:8012"));
        assertThat(config.retraining().metrics().timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.retraining().leastPairs()).isEqualTo(200);
        assertThat(config.retraining().mostPairs()).isEqualTo(100_000);
        assertThat(config.retraining().leastGain()).isEqualTo(0.01);
        assertThat(config.retraining().share()).isEqualTo(100);
    }

    @Test
    void readsItsKeys() {
        var config = config(Map.ofEntries(
                Map.entry("vitrina.model.directory", "/tmp/versions"),
                Map.entry("vitrina.model.watch", "5s"),
                Map.entry("vitrina.model.drift-window", "1000"),
                Map.entry("vitrina.model.worker", "true"),
                Map.entry("vitrina.model.retraining.metrics.url", "http://metrics"),
                Map.entry("vitrina.model.retraining.metrics.timeout", "1s"),
                Map.entry("vitrina.model.retraining.least-pairs", "500"),
                Map.entry("vitrina.model.retraining.most-pairs", "1000"),
                Map.entry("vitrina.model.retraining.least-gain", "0"),
                Map.entry("vitrina.model.retraining.share", "10")));

        assertThat(config.directory()).contains(Path.of("/tmp/versions"));
        assertThat(config.watch()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.driftWindow()).isEqualTo(1000);
        assertThat(config.worker()).isTrue();
        assertThat(config.retraining().metrics().url()).isEqualTo(URI.create("http://metrics"));
        assertThat(config.retraining().metrics().timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.retraining().leastPairs()).isEqualTo(500);
        assertThat(config.retraining().mostPairs()).isEqualTo(1000);
        assertThat(config.retraining().leastGain()).isEqualTo(0.0);
        assertThat(config.retraining().share()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({
        "vitrina.model.watch, 1ms",
        "vitrina.model.drift-window, 1",
        "vitrina.model.retraining.least-pairs, 1",
        "vitrina.model.retraining.most-pairs, 2000000",
        "vitrina.model.retraining.least-gain, -1",
        "vitrina.model.retraining.share, 101",
        "vitrina.model.other, 1"
    })
    void refusesWhatMakesNoSense(String key, String value) {
        assertThatThrownBy(() -> config(Map.of(key, value)))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining(key.substring(key.lastIndexOf('.') + 1));
    }

    private static ModelConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(ModelConfig.class)
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
                .getConfigMapping(ModelConfig.class);
    }
}
