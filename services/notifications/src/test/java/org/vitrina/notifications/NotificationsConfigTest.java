package org.vitrina.notifications;

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
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrina.notifications.NotificationsConfig.Delivery;

class NotificationsConfigTest {
    @Test
    void hasDefaults() {
        var config = config(Map.of());

        assertThat(config.delivery()).isEqualTo(Delivery.EXACTLY_ONCE);
        assertThat(config.smsGateway().url()).isEqualTo(URI.create("http://127.0.0.1:8030"));
        assertThat(config.smsGateway().timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.parallel()).isEqualTo(16);
        assertThat(config.attempts()).isEqualTo(5);
        assertThat(config.firstPause()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.longestPause()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.lease()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.poll()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.unsettledLimit()).isEqualTo(Duration.ofMinutes(15));
        assertThat(config.auditInterval()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void readsItsKeys() {
        var config = config(Map.ofEntries(
                Map.entry("vitrina.notifications.delivery", "at-most-once"),
                Map.entry("vitrina.notifications.sms-gateway.url", "https://sms.example/api"),
                Map.entry("vitrina.notifications.sms-gateway.timeout", "1s"),
                Map.entry("vitrina.notifications.parallel", "2"),
                Map.entry("vitrina.notifications.attempts", "3"),
                Map.entry("vitrina.notifications.first-pause", "10ms"),
                Map.entry("vitrina.notifications.longest-pause", "2s"),
                Map.entry("vitrina.notifications.lease", "1s"),
                Map.entry("vitrina.notifications.poll", "20ms"),
                Map.entry("vitrina.notifications.unsettled-limit", "1m"),
                Map.entry("vitrina.notifications.audit-interval", "5s")));

        assertThat(config.delivery()).isEqualTo(Delivery.AT_MOST_ONCE);
        assertThat(config.smsGateway().url()).isEqualTo(URI.create("https://sms.example/api"));
        assertThat(config.smsGateway().timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.parallel()).isEqualTo(2);
        assertThat(config.attempts()).isEqualTo(3);
        assertThat(config.firstPause()).isEqualTo(Duration.ofMillis(10));
        assertThat(config.longestPause()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.lease()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.poll()).isEqualTo(Duration.ofMillis(20));
        assertThat(config.unsettledLimit()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.auditInterval()).isEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @CsvSource({
        "vitrina.notifications.delivery, twice",
        "vitrina.notifications.sms-gateway.timeout, 0s",
        "vitrina.notifications.sms-gateway.timeout, 2m",
        "vitrina.notifications.parallel, 0",
        "vitrina.notifications.attempts, 0",
        "vitrina.notifications.lease, 1ms",
        "vitrina.notifications.poll, 0s",
        "vitrina.notifications.phone, 1"
    })
    void refusesWhatMakesNoSense(String key, String value) {
        assertThatThrownBy(() -> config(Map.of(key, value)))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining(key.substring(key.lastIndexOf('.') + 1));
    }

    private static NotificationsConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(NotificationsConfig.class)
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
                .getConfigMapping(NotificationsConfig.class);
    }
}
