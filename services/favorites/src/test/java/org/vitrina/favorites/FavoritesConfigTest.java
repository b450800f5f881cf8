package org.vitrina.favorites;

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

class FavoritesConfigTest {
    @Test
    void hasDefaults() {
        assertThat(config(Map.of()).maxProducts()).isEqualTo(500);
    }

    @Test
    void readsItsKey() {
        assertThat(config(Map.of("vitrina.favorites.max-products", "1")).maxProducts())
                .isEqualTo(1);
        assertThat(config(Map.of("vitrina.favorites.max-products", "10000")).maxProducts())
                .isEqualTo(10_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "10001", "many"})
    void refusesALimitThatIsNone(String limit) {
        assertThatThrownBy(() -> config(Map.of("vitrina.favorites.max-products", limit)))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining("vitrina.favorites.max-products");
    }

    @Test
    void refusesAnUnknownKey() {
        assertThatThrownBy(() -> config(Map.of("vitrina.favorites.limit", "5")))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining("vitrina.favorites.limit");
    }

    private static FavoritesConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(FavoritesConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .withValidator(new BeanValidationConfigValidator() {
                    @Override
                    public Validator getValidator() {
                        return Validation.buildDefaultValidatorFactory().getValidator();
                    }
                })
                .build()
                .getConfigMapping(FavoritesConfig.class);
    }
}
