package org.vitrina.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuardSettingsTest {
    private static final Map<String, String> URLS = Map.of(
            "vitrina.bff.cart.url", "http://cart",
            "vitrina.notifications.sms-gateway.url", "http://sms",
            "vitrina.model.retraining.metrics.url", "http://metrics");

    @ParameterizedTest
    @CsvSource({
        "org.vitrina.bff.cart.CartClient/guarded",
        "org.vitrina.notifications.SmsGatewayClient/guarded",
        "org.vitrina.model.MetricsClient/guarded"
    })
    void derivesTheDefaultsOfWhicheverClassAsks(String guarded) {
        SmallRyeConfig config = config(Map.of());

        assertThat(value(config, guarded + "/CircuitBreaker/requestVolumeThreshold"))
                .isEqualTo("20");
        assertThat(value(config, guarded + "/CircuitBreaker/failureRatio")).isEqualTo("0.7");
        assertThat(value(config, guarded + "/CircuitBreaker/delay")).isEqualTo("5000");
        assertThat(value(config, guarded + "/CircuitBreaker/delayUnit")).isEqualTo("MILLIS");
        assertThat(value(config, guarded + "/Retry/maxRetries")).isEqualTo("3");
        assertThat(value(config, guarded + "/Timeout/value")).isEqualTo("1100");
        assertThat(value(config, guarded + "/Retry/delay")).isNull();
    }

    @Test
    void derivesWhatIsSet() {
        SmallRyeConfig config = config(Map.of(
                "vitrina.bff.cart.window", "8",
                "vitrina.bff.cart.max-failures", "2",
                "vitrina.bff.cart.reset-interval", "500ms",
                "vitrina.bff.cart.max-retries", " 1 ",
                "vitrina.bff.cart.timeout", "${short}",
                "vitrina.bff.cart.connect-timeout", "1s",
                "vitrina.bff.cart.max-connections", "7",
                "short", "2s"));

        String guarded = "org.vitrina.bff.cart.CartClient/guarded";
        assertThat(value(config, guarded + "/CircuitBreaker/requestVolumeThreshold"))
                .isEqualTo("8");
        assertThat(value(config, guarded + "/CircuitBreaker/failureRatio")).isEqualTo("0.25");
        assertThat(value(config, guarded + "/CircuitBreaker/delay")).isEqualTo("500");
        assertThat(value(config, guarded + "/Retry/maxRetries")).isEqualTo("1");
        assertThat(value(config, guarded + "/Timeout/value")).isEqualTo("2100");
        String rest = "quarkus.rest-client.\"org.vitrina.bff.cart.CartRestClient\".";
        assertThat(value(config, rest + "url")).isEqualTo("http://cart");
        assertThat(value(config, rest + "connect-timeout")).isEqualTo("1000");
        assertThat(value(config, rest + "connection-pool-size")).isEqualTo("7");
        assertThat(value(config, rest + "read-timeout")).isNull();
    }

    /** A service whose dependency is where it is usually. */
    interface Late extends DependencyConfig {
        @Override
        @WithDefault("http://late")
        URI url();

        @Override
        @WithDefault("3s")
        Duration timeout();
    }

    @Test
    void derivesTheDefaultsOfTheServicesOwnMapping() {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withInterceptors(new GuardSettings())
                .withMapping(Late.class, "vitrina.model.retraining.late")
                .build();

        assertThat(value(config, "org.vitrina.model.LateClient/guarded/Timeout/value"))
                .isEqualTo("3100");
        assertThat(value(config, "quarkus.rest-client.\"org.vitrina.model.LateRestClient\".url"))
                .isEqualTo("http://late");
    }

    @Test
    void moreFailuresThanTheWindowHoldsMeansAllOfThem() {
        assertThat(value(
                        config(Map.of("vitrina.bff.cart.window", "5")),
                        "org.vitrina.bff.cart.CartClient/guarded/CircuitBreaker/failureRatio"))
                .isEqualTo("1.0");
    }

    @ParameterizedTest
    @CsvSource({
        "window, CircuitBreaker/failureRatio",
        "max-failures, CircuitBreaker/failureRatio",
        "reset-interval, CircuitBreaker/delay",
        "timeout, Timeout/value"
    })
    void leavesWhatCannotBeReadToTheValidation(String key, String asked) {
        SmallRyeConfig config = config(Map.of("vitrina.bff.cart." + key, "nonsense"));

        assertThat(value(config, "org.vitrina.bff.cart.CartClient/guarded/" + asked))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "org.vitrina.bff.cart.CartClient/guarded/Retry/maxRetries, 9",
        "'quarkus.rest-client.\"org.vitrina.bff.cart.CartRestClient\".url', http://other"
    })
    void givesWayToASettingOfTheAnnotationItself(String key, String value) {
        assertThat(value(config(Map.of(key, value)), key)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "org.vitrina.bff.cart.CartClient/other/Retry/maxRetries",
        "org.vitrina.bff.cart.CartService/guarded/Retry/maxRetries",
        "org.vitrina.orders.upstream.CartClient/guarded/Retry/maxRetries",
        "'quarkus.rest-client.\"com.example.CartRestClient\".url'"
    })
    void derivesNothingForOthers(String key) {
        assertThat(value(config(Map.of()), key)).isNull();
    }

    private static @Nullable String value(SmallRyeConfig config, String key) {
        return config.getConfigValue(key).getValue();
    }

    private static SmallRyeConfig config(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(URLS);
        all.putAll(more);
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withInterceptors(new GuardSettings())
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .build();
    }
}
