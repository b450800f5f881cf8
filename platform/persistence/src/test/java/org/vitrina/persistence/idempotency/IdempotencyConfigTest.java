package org.vitrina.persistence.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IdempotencyConfigTest {
    @Test
    void hasTheseDefaults() {
        IdempotencyConfig config = config(Map.of());
        assertThat(config.keep()).isEqualTo(Duration.ofDays(2));
        assertThat(config.purgeInterval()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void readsTheseKeysAndNoOther() {
        IdempotencyConfig config = config(Map.of(
                "vitrina.idempotency.keep", "24h",
                "vitrina.idempotency.purge-interval", "1s"));
        assertThat(config.keep()).isEqualTo(Duration.ofDays(1));
        assertThat(config.purgeInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(IdempotencyConfig.class.getDeclaredMethods()).hasSize(2);
    }

    private static IdempotencyConfig config(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withMapping(IdempotencyConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withDefaultValues(values)
                .build()
                .getConfigMapping(IdempotencyConfig.class);
    }
}
