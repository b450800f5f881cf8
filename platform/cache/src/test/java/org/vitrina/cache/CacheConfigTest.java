package org.vitrina.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.smallrye.config.ConfigValidationException;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CacheConfigTest {
    @Test
    void hasTheseDefaults() {
        CacheConfig config = Settings.of();

        assertThat(config.topology()).isEqualTo(CacheConfig.Topology.SIDECAR);
        assertThat(config.timeout()).isEqualTo(Duration.ofMillis(15));
        assertThat(config.bypassAfter()).isEqualTo(5);
        assertThat(config.bypassFor()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.keyPrefix()).isEqualTo("vitrina");
        assertThat(config.loadLimit()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.memory().maxEntries()).isEqualTo(50_000);
        assertThat(config.memory().maxBytes().asLongValue()).isEqualTo(64L << 20);
        assertThat(config.redis().url()).isEqualTo("redis://127.0.0.1:6379");
        assertThat(config.redis().password()).isEmpty();
        assertThat(config.redis().connectTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.redis().maxPending()).isEqualTo(1024);
        assertThat(config.redis().maxPendingWrites()).isEqualTo(2048);
        assertThat(config.redis().maxUnsent().asLongValue()).isEqualTo(8L << 20);
        assertThat(config.redis().maxValue().asLongValue()).isEqualTo(4L << 20);
    }

    @Test
    void hasTheseKeys() {
        CacheConfig config = Settings.of(
                "vitrina.cache.topology", "memory",
                "vitrina.cache.timeout", "16ms",
                "vitrina.cache.bypass-after", "6",
                "vitrina.cache.bypass-for", "2s",
                "vitrina.cache.key-prefix", "other",
                "vitrina.cache.load-limit", "7s",
                "vitrina.cache.memory.max-entries", "8",
                "vitrina.cache.memory.max-bytes", "9K",
                "vitrina.cache.redis.url", "unix:///run/redis.sock",
                "vitrina.cache.redis.password", "secret",
                "vitrina.cache.redis.connect-timeout", "10ms",
                "vitrina.cache.redis.max-pending", "11",
                "vitrina.cache.redis.max-pending-writes", "12",
                "vitrina.cache.redis.max-unsent", "13M",
                "vitrina.cache.redis.max-value", "14K");

        assertThat(config.topology()).isEqualTo(CacheConfig.Topology.MEMORY);
        assertThat(config.timeout()).isEqualTo(Duration.ofMillis(16));
        assertThat(config.bypassAfter()).isEqualTo(6);
        assertThat(config.bypassFor()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.keyPrefix()).isEqualTo("other");
        assertThat(config.loadLimit()).isEqualTo(Duration.ofSeconds(7));
        assertThat(config.memory().maxEntries()).isEqualTo(8);
        assertThat(config.memory().maxBytes().asLongValue()).isEqualTo(9L << 10);
        assertThat(config.redis().url()).isEqualTo("unix:///run/redis.sock");
        assertThat(config.redis().password()).contains("secret");
        assertThat(config.redis().connectTimeout()).isEqualTo(Duration.ofMillis(10));
        assertThat(config.redis().maxPending()).isEqualTo(11);
        assertThat(config.redis().maxPendingWrites()).isEqualTo(12);
        assertThat(config.redis().maxUnsent().asLongValue()).isEqualTo(13L << 20);
        assertThat(config.redis().maxValue().asLongValue()).isEqualTo(14L << 10);
    }

    @Test
    void takesTheAddressFromTheUsualRedisSetting() {
        assertThat(Settings.of("quarkus.redis.hosts", "redis://10.0.0.1:7000")
                        .redis()
                        .url())
                .isEqualTo("redis://10.0.0.1:7000");
    }

    @Test
    void tellsAllThatIsWrongAtOnceAndNoPassword() {
        ConfigValidationException refused = catchThrowableOfType(
                ConfigValidationException.class,
                () -> Settings.of(
                        "vitrina.cache.timeout", "0s",
                        "vitrina.cache.bypass-after", "0",
                        "vitrina.cache.bypass-for", "-1s",
                        "vitrina.cache.key-prefix", " ",
                        "vitrina.cache.load-limit", "0s",
                        "vitrina.cache.memory.max-entries", "0",
                        "vitrina.cache.redis.url", "rediss://:secret@cache",
                        "vitrina.cache.redis.connect-timeout", "25h",
                        "vitrina.cache.redis.max-pending", "0",
                        "vitrina.cache.redis.max-pending-writes", "0"));

        assertThat(IntStream.range(0, refused.getProblemCount())
                        .mapToObj(i -> refused.getProblem(i).getMessage()))
                .containsExactlyInAnyOrder(
                        "vitrina.cache.timeout must be longer than or equal to 1 milli",
                        "vitrina.cache.bypass-after must be greater than or equal to 1",
                        "vitrina.cache.bypass-for must be longer than or equal to 1 milli",
                        "vitrina.cache.key-prefix must not be blank",
                        "vitrina.cache.load-limit must be longer than or equal to 1 milli",
                        "vitrina.cache.memory.max-entries must be greater than or equal to 1",
                        "vitrina.cache.redis.url must be redis://[user:password@]host:port[/database] or unix:///path"
                                + " (TLS is not among the sidecar's means)",
                        "vitrina.cache.redis.connect-timeout must be shorter than or equal to 1 minute",
                        "vitrina.cache.redis.max-pending must be greater than or equal to 1",
                        "vitrina.cache.redis.max-pending-writes must be greater than or equal to 1");
    }

    @Test
    void takesSizesBeyondWhatAnArrayCanHoldForTheLargest() {
        Vertx vertx = Vertx.vertx();
        try {
            Sidecar sidecar = new Sidecar(vertx, Settings.of("vitrina.cache.redis.max-value", "5G"));
            assertThat(sidecar.maxValue()).isEqualTo(Integer.MAX_VALUE / 2);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
