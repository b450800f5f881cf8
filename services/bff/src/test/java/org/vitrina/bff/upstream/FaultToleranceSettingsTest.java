package org.vitrina.bff.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigValue;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultToleranceSettingsTest {
    @ParameterizedTest
    @CsvSource({
        "products, Products",
        "inventory, Inventory",
        "favorites, Favorites",
        "cart, Cart",
        "orders, Orders",
        "wallet, Wallet",
        "notifications, Notifications",
        "predictions, Predictions"
    })
    void derivesTheAnnotationsDefaultsForEachDependency(String name, String type) {
        Map<String, String> settings = settings(Map.of());
        String breaker = "org.vitrina.bff." + name + "." + type + "Client/guarded/CircuitBreaker/";
        String attempts = "org.vitrina.bff." + name + "." + type + "Attempts/make/";

        assertThat(settings)
                .containsEntry(breaker + "requestVolumeThreshold", "20")
                .containsEntry(breaker + "failureRatio", "0.5")
                .containsEntry(breaker + "delay", "5000")
                .containsEntry(breaker + "delayUnit", "MILLIS")
                .containsEntry(attempts + "Retry/maxRetries", "3")
                .containsEntry(attempts + "Timeout/value", "1100")
                .hasSize(48);
    }

    @Test
    void namesClassesThatExist() throws ReflectiveOperationException {
        for (String key : settings(Map.of()).keySet()) {
            String[] parts = key.split("/", -1);
            Class<?> type = Class.forName(parts[0]);
            assertThat(type.getDeclaredMethods())
                    .extracting(java.lang.reflect.Method::getName)
                    .contains(parts[1]);
        }
    }

    @Test
    void derivesWhatIsSet() {
        Map<String, String> settings = settings(Map.of(
                "vitrina.bff.cart.window", "8",
                "vitrina.bff.cart.max-failures", "2",
                "vitrina.bff.cart.reset-interval", "500ms",
                "vitrina.bff.cart.max-retries", " 1 ",
                "vitrina.bff.cart.timeout", "2s"));

        assertThat(settings)
                .containsEntry("org.vitrina.bff.cart.CartClient/guarded/CircuitBreaker/requestVolumeThreshold", "8")
                .containsEntry("org.vitrina.bff.cart.CartClient/guarded/CircuitBreaker/failureRatio", "0.25")
                .containsEntry("org.vitrina.bff.cart.CartClient/guarded/CircuitBreaker/delay", "500")
                .containsEntry("org.vitrina.bff.cart.CartAttempts/make/Retry/maxRetries", "1")
                .containsEntry("org.vitrina.bff.cart.CartAttempts/make/Timeout/value", "2100")
                .containsEntry("org.vitrina.bff.products.ProductsAttempts/make/Timeout/value", "1100");
    }

    @Test
    void moreFailuresThanTheWindowHoldsMeansAllOfThem() {
        assertThat(settings(Map.of("vitrina.bff.cart.window", "5")))
                .containsEntry("org.vitrina.bff.cart.CartClient/guarded/CircuitBreaker/failureRatio", "1.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"window", "max-failures", "reset-interval", "timeout"})
    void leavesWhatCannotBeReadToTheValidation(String key) {
        Map<String, String> settings = settings(Map.of("vitrina.bff.cart." + key, "nonsense"));

        assertThat(settings.keySet()).noneMatch(name -> name.contains(".cart."));
        assertThat(settings).hasSize(42);
    }

    @Test
    void givesWayToASettingOfTheAnnotationItself() {
        assertThat(source(Map.of()).getOrdinal()).isLessThan(250);
    }

    private static Map<String, String> settings(Map<String, String> given) {
        return new HashMap<>(source(given).getProperties());
    }

    private static ConfigSource source(Map<String, String> given) {
        return new FaultToleranceSettings()
                .getConfigSources(new ConfigSourceContext() {
                    @Override
                    public @Nullable ConfigValue getValue(String name) {
                        return given.containsKey(name)
                                ? ConfigValue.builder()
                                        .withName(name)
                                        .withValue(given.get(name))
                                        .build()
                                : null;
                    }

                    @Override
                    public Iterator<String> iterateNames() {
                        return given.keySet().iterator();
                    }
                })
                .iterator()
                .next();
    }
}
