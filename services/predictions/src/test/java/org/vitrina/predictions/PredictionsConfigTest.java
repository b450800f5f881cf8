package org.vitrina.predictions;

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

class PredictionsConfigTest {
    @Test
    void hasDefaults() {
        var config = config(Map.of());

        assertThat(config.maxAge()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.staleIfError()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.loadTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.requests().keep()).isEqualTo(Duration.ofDays(3));
        assertThat(config.requests().purgeEvery()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.recompute().batch()).isEqualTo(500);
        assertThat(config.recompute().waitingLimit()).isEqualTo(2000);
        assertThat(config.recompute().poll()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void readsItsKeys() {
        var config = config(Map.of(
                "vitrina.predictions.max-age", "1s",
                "vitrina.predictions.stale-if-error", "2s",
                "vitrina.predictions.load-timeout", "30ms",
                "vitrina.predictions.requests.keep", "1h",
                "vitrina.predictions.requests.purge-every", "4s",
                "vitrina.predictions.recompute.batch", "5",
                "vitrina.predictions.recompute.waiting-limit", "6",
                "vitrina.predictions.recompute.poll", "70ms"));

        assertThat(config.maxAge()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.staleIfError()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.loadTimeout()).isEqualTo(Duration.ofMillis(30));
        assertThat(config.requests().keep()).isEqualTo(Duration.ofHours(1));
        assertThat(config.requests().purgeEvery()).isEqualTo(Duration.ofSeconds(4));
        assertThat(config.recompute().batch()).isEqualTo(5);
        assertThat(config.recompute().waitingLimit()).isEqualTo(6);
        assertThat(config.recompute().poll()).isEqualTo(Duration.ofMillis(70));
    }

    @ParameterizedTest
    @CsvSource({
        "vitrina.predictions.max-age, 0s",
        "vitrina.predictions.max-age, 2h",
        "vitrina.predictions.stale-if-error, 2d",
        "vitrina.predictions.load-timeout, 1ms",
        "vitrina.predictions.requests.keep, 1m",
        "vitrina.predictions.requests.purge-every, 0s",
        "vitrina.predictions.recompute.batch, 0",
        "vitrina.predictions.recompute.batch, 10001",
        "vitrina.predictions.recompute.waiting-limit, 0",
        "vitrina.predictions.recompute.poll, 1ms",
        "vitrina.predictions.horizon, 1"
    })
    void refusesWhatMakesNoSense(String key, String value) {
        assertThatThrownBy(() -> config(Map.of(key, value)))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining(key.substring(key.lastIndexOf('.') + 1));
    }

    private static PredictionsConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(PredictionsConfig.class)
                .withConverter(Duration.class, 100, new DurationConverter())
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .withValidator(new BeanValidationConfigValidator() {
                    @Override
                    public Validator getValidator() {
                        return Validation.buildDefaultValidatorFactory().getValidator();
                    }
                })
                .build()
                .getConfigMapping(PredictionsConfig.class);
    }
}
