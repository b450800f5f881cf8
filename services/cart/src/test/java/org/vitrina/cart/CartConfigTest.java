package org.vitrina.cart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.validator.BeanValidationConfigValidator;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CartConfigTest {
    @Test
    void hasDefaults() {
        assertThat(config(Map.of()).maxLines()).isEqualTo(500);
    }

    @Test
    void readsItsKey() {
        assertThat(config(Map.of("vitrina.cart.max-lines", "1")).maxLines()).isEqualTo(1);
        assertThat(config(Map.of("vitrina.cart.max-lines", "10000")).maxLines()).isEqualTo(10_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "10001", "many"})
    void refusesALimitThatIsNone(String limit) {
        assertThatThrownBy(() -> config(Map.of("vitrina.cart.max-lines", limit)))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining("vitrina.cart.max-lines");
    }

    @Test
    void refusesAnUnknownKey() {
        assertThatThrownBy(() -> config(Map.of("vitrina.cart.limit", "5")))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining("vitrina.cart.limit");
    }

    private static CartConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(CartConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .withValidator(new BeanValidationConfigValidator() {
                    @Override
                    public Validator getValidator() {
                        return Validation.buildDefaultValidatorFactory().getValidator();
                    }
                })
                .build()
                .getConfigMapping(CartConfig.class);
    }
}
