package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.validator.BeanValidationConfigValidator;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.client.DependencyConfig;

class BffConfigTest {
    @Test
    void hasTheseDefaults() {
        BffConfig config = config(Map.of());

        assertThat(config.budget()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.warmUp()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.defaultUser()).isEqualTo(3);
        assertThat(config.ops().interval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.products().ttl()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.products().maxStale()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.inventory().batch()).isTrue();
        assertThat(config.inventory().ttl()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.inventory().maxStale()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.inventory().unknownTtl()).isEqualTo(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"products", "inventory", "favorites", "cart", "orders", "wallet", "notifications", "predictions"
            })
    void everyDependencyHasTheseDefaults(String name) {
        DependencyConfig dependency = dependency(config(Map.of()), name);

        assertThat(dependency.url()).isEqualTo(URI.create("http://" + name));
        assertThat(dependency.timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(dependency.window()).isEqualTo(20);
        assertThat(dependency.maxFailures()).isEqualTo(10);
        assertThat(dependency.resetInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(dependency.maxRetries()).isEqualTo(3);
        assertThat(dependency.retryInterval()).isEqualTo(Duration.ofMillis(20));
        assertThat(dependency.retryJitter()).isEqualTo(Duration.ofMillis(20));
        assertThat(dependency.retryShare()).isEqualTo(0.3);
        assertThat(dependency.retriesPerSecond()).isEqualTo(10);
        assertThat(dependency.maxConnections()).isEqualTo(512);
        assertThat(dependency.maxWaiting()).isEqualTo(8192);
        assertThat(dependency.connectTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(dependency.maxAnswer().asLongValue()).isEqualTo(1 << 20);
    }

    @Test
    void hasTheseKeys() {
        BffConfig config = config(Map.of(
                "vitrina.bff.budget", "3s",
                "vitrina.bff.warm-up", "11s",
                "vitrina.bff.default-user", "4",
                "vitrina.bff.ops.interval", "5s",
                "vitrina.bff.products.ttl", "6s",
                "vitrina.bff.products.max-stale", "7s",
                "vitrina.bff.inventory.batch", "false",
                "vitrina.bff.inventory.ttl", "8s",
                "vitrina.bff.inventory.max-stale", "9s",
                "vitrina.bff.inventory.unknown-ttl", "10s"));

        assertThat(config.budget()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.warmUp()).isEqualTo(Duration.ofSeconds(11));
        assertThat(config.defaultUser()).isEqualTo(4);
        assertThat(config.ops().interval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.products().ttl()).isEqualTo(Duration.ofSeconds(6));
        assertThat(config.products().maxStale()).isEqualTo(Duration.ofSeconds(7));
        assertThat(config.inventory().batch()).isFalse();
        assertThat(config.inventory().ttl()).isEqualTo(Duration.ofSeconds(8));
        assertThat(config.inventory().maxStale()).isEqualTo(Duration.ofSeconds(9));
        assertThat(config.inventory().unknownTtl()).isEqualTo(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"products", "inventory", "favorites", "cart", "orders", "wallet", "notifications", "predictions"
            })
    void everyDependencyHasTheseKeys(String name) {
        String prefix = "vitrina.bff." + name + ".";
        Map<String, String> settings = new HashMap<>();
        settings.put(prefix + "url", "https://elsewhere:8443/base");
        settings.put(prefix + "timeout", "2s");
        settings.put(prefix + "window", "3");
        settings.put(prefix + "max-failures", "4");
        settings.put(prefix + "reset-interval", "5s");
        settings.put(prefix + "max-retries", "6");
        settings.put(prefix + "retry-interval", "7ms");
        settings.put(prefix + "retry-jitter", "8ms");
        settings.put(prefix + "retry-share", "0.8");
        settings.put(prefix + "retries-per-second", "9");
        settings.put(prefix + "max-connections", "10");
        settings.put(prefix + "max-waiting", "11");
        settings.put(prefix + "connect-timeout", "12ms");
        settings.put(prefix + "max-answer", "13K");

        DependencyConfig dependency = dependency(config(settings), name);

        assertThat(dependency.url()).isEqualTo(URI.create("https://elsewhere:8443/base"));
        assertThat(dependency.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(dependency.window()).isEqualTo(3);
        assertThat(dependency.maxFailures()).isEqualTo(4);
        assertThat(dependency.resetInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(dependency.maxRetries()).isEqualTo(6);
        assertThat(dependency.retryInterval()).isEqualTo(Duration.ofMillis(7));
        assertThat(dependency.retryJitter()).isEqualTo(Duration.ofMillis(8));
        assertThat(dependency.retryShare()).isEqualTo(0.8);
        assertThat(dependency.retriesPerSecond()).isEqualTo(9);
        assertThat(dependency.maxConnections()).isEqualTo(10);
        assertThat(dependency.maxWaiting()).isEqualTo(11);
        assertThat(dependency.connectTimeout()).isEqualTo(Duration.ofMillis(12));
        assertThat(dependency.maxAnswer().asLongValue()).isEqualTo(13 << 10);
    }

    @ParameterizedTest
    @CsvSource({
        "vitrina.bff.default-user, 0",
        "vitrina.bff.budget, soon",
        "vitrina.bff.cart.window, 0",
        "vitrina.bff.cart.max-failures, 0",
        "vitrina.bff.products.max-retries, 11",
        "vitrina.bff.products.max-retries, -1",
        "vitrina.bff.favorites.retries-per-second, 0",
        "vitrina.bff.inventory.max-connections, 0",
        "vitrina.bff.inventory.max-waiting, -1",
        "vitrina.bff.inventory.max-answer, much",
        "vitrina.bff.products.unknown-ttl, 1s"
    })
    void refusesWhatCannotWorkAndNamesTheKey(String key, String value) {
        assertThatThrownBy(() -> config(Map.of(key, value)))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining(key);
    }

    @Test
    void refusesToBeWithoutAnAddress() {
        assertThatThrownBy(() -> config(Map.of("vitrina.bff.cart.url", "")))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining("vitrina.bff.cart.url");
    }

    @Test
    void namesEveryProblemAtOnce() {
        assertThatThrownBy(() -> config(Map.of(
                        "vitrina.bff.budget", "soon",
                        "vitrina.bff.products.max-retries", "many")))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining("vitrina.bff.budget")
                .hasMessageContaining("vitrina.bff.products.max-retries");
        assertThatThrownBy(() -> config(Map.of(
                        "vitrina.bff.cart.window", "0",
                        "vitrina.bff.default-user", "-1")))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining("vitrina.bff.cart.window")
                .hasMessageContaining("vitrina.bff.default-user");
    }

    private static DependencyConfig dependency(BffConfig config, String name) {
        return switch (name) {
            case "products" -> config.products();
            case "inventory" -> config.inventory();
            case "favorites" -> config.favorites();
            case "orders" -> config.orders();
            case "wallet" -> config.wallet();
            case "notifications" -> config.notifications();
            case "predictions" -> config.predictions();
            default -> config.cart();
        };
    }

    private static BffConfig config(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>();
        for (String name : new String[] {
            "products", "inventory", "favorites", "cart", "orders", "wallet", "notifications", "predictions"
        }) {
            all.put("vitrina.bff." + name + ".url", "http://" + name);
        }
        all.putAll(settings);
        return new SmallRyeConfigBuilder()
                .withMapping(BffConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withConverter(io.quarkus.runtime.configuration.MemorySize.class, 200, new MemorySizeConverter())
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .withValidator(new BeanValidationConfigValidator() {
                    @Override
                    public Validator getValidator() {
                        return Validation.buildDefaultValidatorFactory().getValidator();
                    }
                })
                .build()
                .getConfigMapping(BffConfig.class);
    }
}
