package org.vitrina.inventory;

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
import org.vitrina.inventory.InventoryConfig.Mode;

class InventoryConfigTest {
    @Test
    void hasDefaults() {
        var config = config(Map.of());

        assertThat(config.mode()).isEqualTo(Mode.REAL);
        assertThat(config.simulated().maxDelay()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.simulated().seed()).isEmpty();
        assertThat(config.reservations().lifetime()).isEqualTo(Duration.ofMinutes(15));
        assertThat(config.reservations().expiryEvery()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.reservations().retention()).isEqualTo(Duration.ofDays(30));
        assertThat(config.reservations().purgeEvery()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.auditEvery()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void readsItsKeys() {
        var config = config(Map.of(
                "vitrina.inventory.mode", "simulated",
                "vitrina.inventory.simulated.max-delay", "0s",
                "vitrina.inventory.simulated.seed", "42",
                "vitrina.inventory.reservations.lifetime", "1s",
                "vitrina.inventory.reservations.expiry-every", "100ms",
                "vitrina.inventory.reservations.retention", "1m",
                "vitrina.inventory.reservations.purge-every", "2s",
                "vitrina.inventory.audit-every", "3s"));

        assertThat(config.mode()).isEqualTo(Mode.SIMULATED);
        assertThat(config.simulated().maxDelay()).isZero();
        assertThat(config.simulated().seed()).hasValue(42);
        assertThat(config.reservations().lifetime()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.reservations().expiryEvery()).isEqualTo(Duration.ofMillis(100));
        assertThat(config.reservations().retention()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.reservations().purgeEvery()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.auditEvery()).isEqualTo(Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @CsvSource({
        "vitrina.inventory.mode, half",
        "vitrina.inventory.simulated.max-delay, -1s",
        "vitrina.inventory.simulated.max-delay, 61s",
        "vitrina.inventory.simulated.max-delay, soon",
        "vitrina.inventory.simulated.seed, x",
        "vitrina.inventory.simulated.minimum, 1",
        "vitrina.inventory.reservations.lifetime, 999ms",
        "vitrina.inventory.reservations.expiry-every, 0s",
        "vitrina.inventory.reservations.retention, 59s",
        "vitrina.inventory.reservations.purge-every, 0s",
        "vitrina.inventory.audit-every, 0s",
        "vitrina.inventory.reservations.limit, 1"
    })
    void refusesWhatMakesNoSense(String key, String value) {
        assertThatThrownBy(() -> config(Map.of(key, value)))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining(key);
    }

    private static InventoryConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(InventoryConfig.class)
                .withConverter(Duration.class, 100, new DurationConverter())
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .withValidator(new BeanValidationConfigValidator() {
                    @Override
                    public Validator getValidator() {
                        return Validation.buildDefaultValidatorFactory().getValidator();
                    }
                })
                .build()
                .getConfigMapping(InventoryConfig.class);
    }
}
