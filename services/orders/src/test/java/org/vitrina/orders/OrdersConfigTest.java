package org.vitrina.orders;

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
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.client.DependencyConfig;

class OrdersConfigTest {
    @Test
    void hasTheseDefaults() {
        OrdersConfig config = config(Map.of());

        assertThat(config.defaultUser()).isEqualTo(3);
        assertThat(config.requireIfMatch()).isFalse();
        assertThat(config.readDeadline()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.answerReserve()).isEqualTo(Duration.ofMillis(200));
        assertThat(config.saga().lease()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.saga().limit()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.saga().firstPause()).isEqualTo(Duration.ofMillis(200));
        assertThat(config.saga().longestPause()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.saga().sweepInterval()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.saga().sweepBatch()).isEqualTo(64);
        assertThat(config.saga().gather()).isEqualTo(Duration.ofMillis(25));
        assertThat(config.events().poll()).isEqualTo(Duration.ofMillis(250));
        assertThat(config.events().heartbeat()).isEqualTo(Duration.ofSeconds(15));
        assertThat(config.audit().interval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.audit().window()).isEqualTo(Duration.ofDays(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"products", "wallet", "inventory"})
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
        assertThat(dependency.maxConnections()).isEqualTo(64);
        assertThat(dependency.maxWaiting()).isEqualTo(2048);
        assertThat(dependency.connectTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(dependency.maxAnswer().asLongValue()).isEqualTo(1 << 20);
    }

    @Test
    void hasTheseKeys() {
        OrdersConfig config = config(Map.ofEntries(
                Map.entry("vitrina.orders.default-user", "4"),
                Map.entry("vitrina.orders.require-if-match", "true"),
                Map.entry("vitrina.orders.read-deadline", "2s"),
                Map.entry("vitrina.orders.answer-reserve", "100ms"),
                Map.entry("vitrina.orders.saga.lease", "1s"),
                Map.entry("vitrina.orders.saga.limit", "3m"),
                Map.entry("vitrina.orders.saga.first-pause", "4ms"),
                Map.entry("vitrina.orders.saga.longest-pause", "5s"),
                Map.entry("vitrina.orders.saga.sweep-interval", "60ms"),
                Map.entry("vitrina.orders.saga.sweep-batch", "7"),
                Map.entry("vitrina.orders.saga.gather", "8ms"),
                Map.entry("vitrina.orders.events.poll", "90ms"),
                Map.entry("vitrina.orders.events.heartbeat", "10s"),
                Map.entry("vitrina.orders.audit.interval", "11s"),
                Map.entry("vitrina.orders.audit.window", "12h")));

        assertThat(config.defaultUser()).isEqualTo(4);
        assertThat(config.requireIfMatch()).isTrue();
        assertThat(config.readDeadline()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.answerReserve()).isEqualTo(Duration.ofMillis(100));
        assertThat(config.saga().lease()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.saga().limit()).isEqualTo(Duration.ofMinutes(3));
        assertThat(config.saga().firstPause()).isEqualTo(Duration.ofMillis(4));
        assertThat(config.saga().longestPause()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.saga().sweepInterval()).isEqualTo(Duration.ofMillis(60));
        assertThat(config.saga().sweepBatch()).isEqualTo(7);
        assertThat(config.saga().gather()).isEqualTo(Duration.ofMillis(8));
        assertThat(config.events().poll()).isEqualTo(Duration.ofMillis(90));
        assertThat(config.events().heartbeat()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.audit().interval()).isEqualTo(Duration.ofSeconds(11));
        assertThat(config.audit().window()).isEqualTo(Duration.ofHours(12));
    }

    @ParameterizedTest
    @ValueSource(strings = {"products", "wallet", "inventory"})
    void everyDependencyHasTheseKeys(String name) {
        String prefix = "vitrina.orders." + name + ".";
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
        "vitrina.orders.default-user, 0",
        "vitrina.orders.answer-reserve, -1s",
        "vitrina.orders.saga.lease, 99ms",
        "vitrina.orders.saga.limit, 15m",
        "vitrina.orders.saga.first-pause, 0s",
        "vitrina.orders.saga.sweep-interval, 0s",
        "vitrina.orders.saga.sweep-batch, 0",
        "vitrina.orders.saga.gather, 2s",
        "vitrina.orders.events.poll, soon",
        "vitrina.orders.audit.window, 1s",
        "vitrina.orders.wallet.window, 0",
        "vitrina.orders.inventory.max-retries, 11",
        "vitrina.orders.products.max-answer, much",
        "vitrina.orders.favorites.url, http://x"
    })
    void refusesWhatCannotWorkAndNamesTheKey(String key, String value) {
        assertThatThrownBy(() -> config(Map.of(key, value)))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining(key);
    }

    private static DependencyConfig dependency(OrdersConfig config, String name) {
        return switch (name) {
            case "products" -> config.products();
            case "wallet" -> config.wallet();
            default -> config.inventory();
        };
    }

    private static OrdersConfig config(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                "vitrina.orders.products.url", "http://products",
                "vitrina.orders.wallet.url", "http://wallet",
                "vitrina.orders.inventory.url", "http://inventory"));
        all.putAll(settings);
        return new SmallRyeConfigBuilder()
                .withMapping(OrdersConfig.class)
                .withConverter(Duration.class, 100, new DurationConverter())
                .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .withValidator(new BeanValidationConfigValidator() {
                    @Override
                    public Validator getValidator() {
                        return Validation.buildDefaultValidatorFactory().getValidator();
                    }
                })
                .build()
                .getConfigMapping(OrdersConfig.class);
    }
}
