package org.vitrina.wallet;

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

class WalletConfigTest {
    @Test
    void hasDefaults() {
        var config = config(Map.of());

        assertThat(config.demoTopUp()).isFalse();
        assertThat(config.tombstoneRetention()).isEqualTo(Duration.ofDays(30));
        assertThat(config.purgeEvery()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.auditEvery()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void readsItsKeys() {
        var config = config(Map.of(
                "vitrina.wallet.demo-top-up", "true",
                "vitrina.wallet.tombstone-retention", "1m",
                "vitrina.wallet.purge-every", "200ms",
                "vitrina.wallet.audit-every", "2s"));

        assertThat(config.demoTopUp()).isTrue();
        assertThat(config.tombstoneRetention()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.purgeEvery()).isEqualTo(Duration.ofMillis(200));
        assertThat(config.auditEvery()).isEqualTo(Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @CsvSource({
        "vitrina.wallet.tombstone-retention, 59s",
        "vitrina.wallet.tombstone-retention, soon",
        "vitrina.wallet.purge-every, 0s",
        "vitrina.wallet.audit-every, 0s",
        "vitrina.wallet.audit, 1m"
    })
    void refusesWhatMakesNoSense(String key, String value) {
        assertThatThrownBy(() -> config(Map.of(key, value)))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining(key);
    }

    private static WalletConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(WalletConfig.class)
                .withConverter(Duration.class, 100, new DurationConverter())
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .withValidator(new BeanValidationConfigValidator() {
                    @Override
                    public Validator getValidator() {
                        return Validation.buildDefaultValidatorFactory().getValidator();
                    }
                })
                .build()
                .getConfigMapping(WalletConfig.class);
    }
}
