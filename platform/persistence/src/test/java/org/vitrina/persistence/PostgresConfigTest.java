package org.vitrina.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PostgresConfigTest {
    @Test
    void hasTheseDefaults() {
        PostgresConfig config = postgres(Map.of());
        assertThat(config.maxWaiting()).isEqualTo(256);
        assertThat(config.acquireTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.connectTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.silenceLimit()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.statementTimeout()).isEqualTo(Duration.ofMillis(2500));
        assertThat(config.idleInTransactionTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(schema(Map.of()).required()).isEmpty();
    }

    @Test
    void readsTheseKeysAndNoOther() {
        PostgresConfig config = postgres(Map.of(
                "vitrina.postgres.max-waiting", "7",
                "vitrina.postgres.acquire-timeout", "1s",
                "vitrina.postgres.connect-timeout", "2s",
                "vitrina.postgres.silence-limit", "4s",
                "vitrina.postgres.statement-timeout", "5s",
                "vitrina.postgres.idle-in-transaction-timeout", "6s"));
        assertThat(config.maxWaiting()).isEqualTo(7);
        assertThat(config.acquireTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.connectTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.silenceLimit()).isEqualTo(Duration.ofSeconds(4));
        assertThat(config.statementTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.idleInTransactionTimeout()).isEqualTo(Duration.ofSeconds(6));
        assertThat(Arrays.stream(PostgresConfig.class.getDeclaredMethods())).hasSize(6);
        assertThat(schema(Map.of("vitrina.schema.required", "0001-a")).required())
                .isEqualTo(Optional.of("0001-a"));
    }

    private static PostgresConfig postgres(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withMapping(PostgresConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withDefaultValues(values)
                .build()
                .getConfigMapping(PostgresConfig.class);
    }

    private static SchemaConfig schema(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withMapping(SchemaConfig.class)
                .withDefaultValues(values)
                .build()
                .getConfigMapping(SchemaConfig.class);
    }
}
