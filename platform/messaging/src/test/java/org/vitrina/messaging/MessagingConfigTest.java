package org.vitrina.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.validator.BeanValidationConfigValidator;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrina.amqp.BrokerConfig;

class MessagingConfigTest {
    @Test
    void hasDefaults() {
        SmallRyeConfig config = config(Map.of());
        BrokerConfig broker = config.getConfigMapping(BrokerConfig.class);
        OutboxConfig outbox = config.getConfigMapping(OutboxConfig.class);
        QueuesConfig queues = config.getConfigMapping(QueuesConfig.class);

        assertThat(broker.enabled()).isTrue();
        assertThat(broker.host()).isEqualTo("127.0.0.1");
        assertThat(broker.port()).isEqualTo(5672);
        assertThat(broker.username()).isEqualTo("guest");
        assertThat(broker.password()).isEqualTo("guest");
        assertThat(broker.virtualHost()).isEqualTo("/");
        assertThat(broker.tls()).isFalse();
        assertThat(broker.prefix()).isEmpty();
        assertThat(broker.connectTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(broker.heartbeat()).isEqualTo(Duration.ofSeconds(5));
        assertThat(broker.longestPause()).isEqualTo(Duration.ofSeconds(5));
        assertThat(broker.queues()).isEmpty();
        assertThat(outbox.relay()).isTrue();
        assertThat(outbox.batch()).isEqualTo(256);
        assertThat(outbox.batchOfKey()).isEqualTo(16);
        assertThat(outbox.lease()).isEqualTo(Duration.ofSeconds(30));
        assertThat(outbox.confirmTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(outbox.gather()).isEqualTo(Duration.ofMillis(20));
        assertThat(outbox.poll()).isEqualTo(Duration.ofSeconds(1));
        assertThat(queues.consume()).isTrue();
        assertThat(queues.prefetch()).isEqualTo(32);
        assertThat(queues.attempts()).isEqualTo(5);
        assertThat(queues.firstPause()).isEqualTo(Duration.ofSeconds(1));
        assertThat(queues.longestPause()).isEqualTo(Duration.ofMinutes(5));
        assertThat(queues.lease()).isEqualTo(Duration.ofSeconds(30));
        assertThat(queues.poll()).isEqualTo(Duration.ofMillis(500));
        assertThat(queues.remember()).isEqualTo(Duration.ofDays(30));
    }

    @Test
    void readsItsKeys() {
        SmallRyeConfig config = config(Map.ofEntries(
                Map.entry("vitrina.broker.enabled", "false"),
                Map.entry("vitrina.broker.host", "rabbit"),
                Map.entry("vitrina.broker.port", "5671"),
                Map.entry("vitrina.broker.username", "u"),
                Map.entry("vitrina.broker.password", "p"),
                Map.entry("vitrina.broker.virtual-host", "shop"),
                Map.entry("vitrina.broker.tls", "true"),
                Map.entry("vitrina.broker.prefix", "a."),
                Map.entry("vitrina.broker.connect-timeout", "1s"),
                Map.entry("vitrina.broker.heartbeat", "2s"),
                Map.entry("vitrina.broker.longest-pause", "3s"),
                Map.entry("vitrina.broker.queues.q.exchange", "e"),
                Map.entry("vitrina.broker.queues.q.routing-keys", "k1,k2"),
                Map.entry("vitrina.broker.queues.all.exchange", "f"),
                Map.entry("vitrina.broker.queues.all.exchange-type", "fanout"),
                Map.entry("vitrina.broker.queues.all.routing-keys", "#"),
                Map.entry("vitrina.outbox.relay", "false"),
                Map.entry("vitrina.outbox.batch", "1"),
                Map.entry("vitrina.outbox.batch-of-key", "2"),
                Map.entry("vitrina.outbox.lease", "4s"),
                Map.entry("vitrina.outbox.confirm-timeout", "1s"),
                Map.entry("vitrina.outbox.gather", "3ms"),
                Map.entry("vitrina.outbox.poll", "20ms"),
                Map.entry("vitrina.queues.consume", "false"),
                Map.entry("vitrina.queues.prefetch", "7"),
                Map.entry("vitrina.queues.attempts", "3"),
                Map.entry("vitrina.queues.first-pause", "10ms"),
                Map.entry("vitrina.queues.longest-pause", "20ms"),
                Map.entry("vitrina.queues.lease", "5s"),
                Map.entry("vitrina.queues.poll", "30ms"),
                Map.entry("vitrina.queues.remember", "1d")));
        BrokerConfig broker = config.getConfigMapping(BrokerConfig.class);
        OutboxConfig outbox = config.getConfigMapping(OutboxConfig.class);
        QueuesConfig queues = config.getConfigMapping(QueuesConfig.class);

        assertThat(broker.enabled()).isFalse();
        assertThat(broker.host()).isEqualTo("rabbit");
        assertThat(broker.port()).isEqualTo(5671);
        assertThat(broker.username()).isEqualTo("u");
        assertThat(broker.password()).isEqualTo("p");
        assertThat(broker.virtualHost()).isEqualTo("shop");
        assertThat(broker.tls()).isTrue();
        assertThat(broker.prefix()).hasValue("a.");
        assertThat(broker.connectTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(broker.heartbeat()).isEqualTo(Duration.ofSeconds(2));
        assertThat(broker.longestPause()).isEqualTo(Duration.ofSeconds(3));
        assertThat(broker.queues()).containsOnlyKeys("q", "all");
        assertThat(broker.queues()).hasEntrySatisfying("q", queue -> {
            assertThat(queue.exchange()).isEqualTo("e");
            assertThat(queue.exchangeType()).isEqualTo(BrokerConfig.ExchangeType.TOPIC);
            assertThat(queue.routingKeys()).isEqualTo(List.of("k1", "k2"));
        });
        assertThat(broker.queues()).hasEntrySatisfying("all", queue -> assertThat(queue.exchangeType())
                .isEqualTo(BrokerConfig.ExchangeType.FANOUT));
        assertThat(outbox.relay()).isFalse();
        assertThat(outbox.batch()).isEqualTo(1);
        assertThat(outbox.batchOfKey()).isEqualTo(2);
        assertThat(outbox.lease()).isEqualTo(Duration.ofSeconds(4));
        assertThat(outbox.confirmTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(outbox.gather()).isEqualTo(Duration.ofMillis(3));
        assertThat(outbox.poll()).isEqualTo(Duration.ofMillis(20));
        assertThat(queues.consume()).isFalse();
        assertThat(queues.prefetch()).isEqualTo(7);
        assertThat(queues.attempts()).isEqualTo(3);
        assertThat(queues.firstPause()).isEqualTo(Duration.ofMillis(10));
        assertThat(queues.longestPause()).isEqualTo(Duration.ofMillis(20));
        assertThat(queues.lease()).isEqualTo(Duration.ofSeconds(5));
        assertThat(queues.poll()).isEqualTo(Duration.ofMillis(30));
        assertThat(queues.remember()).isEqualTo(Duration.ofDays(1));
    }

    @ParameterizedTest
    @CsvSource({
        "vitrina.broker.port, 0",
        "vitrina.broker.heartbeat, 500ms",
        "vitrina.broker.hosts, a",
        "vitrina.outbox.batch, 0",
        "vitrina.outbox.lease, 1ms",
        "vitrina.outbox.gather, 0s",
        "vitrina.queues.prefetch, 0",
        "vitrina.queues.attempts, 0",
        "vitrina.queues.remember, 1s"
    })
    void refusesWhatMakesNoSense(String key, String value) {
        assertThatThrownBy(() -> config(Map.of(key, value)))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining(key);
    }

    private static SmallRyeConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(BrokerConfig.class)
                .withMapping(OutboxConfig.class)
                .withMapping(QueuesConfig.class)
                .withConverter(Duration.class, 100, new DurationConverter())
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .withValidator(new BeanValidationConfigValidator() {
                    @Override
                    public Validator getValidator() {
                        return Validation.buildDefaultValidatorFactory().getValidator();
                    }
                })
                .build();
    }
}
