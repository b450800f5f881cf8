package org.vitrina.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.smallrye.config.ConfigValidationException;
import io.vertx.core.Vertx;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.config.ConfigCheck;

class CacheConfigTest {
    @Test
    void isAsRecorded() {
        ConfigCheck.of(
                CacheConfig.class,
                """
                topology                 | sidecar                | memory                 |          | tape
                timeout                  | 15ms                   | 16ms                   | 1ms..1m
                bypass-after             | 5                      | 6                      | 1..
                bypass-for               | 1s                     | 2s                     | 1ms..1h
                key-prefix               | vitrina                | other                  | NotBlank
                load-limit               | 5s                     | 7s                     | 1ms..1h
                wait-for-fresh           | 100ms                  | 50ms                   | 1ms..1m
                memory.max-entries       | 50000                  | 8                      | 1..
                memory.max-bytes         | 64M                    | 9K
                redis.url                | redis://127.0.0.1:6379 | unix:///run/redis.sock | RedisUrl | http://cache
                redis.primary-url        | redis://127.0.0.1:6379 | rediss://primary       | RedisUrl | http://cache
                redis.shards             | 127.0.0.1:6379         | a:1,b:2                | Pattern  | a
                redis.shards-refresh     | 5s                     | 2s                     | 100ms..1h
                redis.ca-file            | -                      | /etc/ca.crt
                redis.password           | -                      | secret
                redis.connect-timeout    | 500ms                  | 10ms                   | 1ms..1m
                redis.max-pending        | 1024                   | 11                     | 1..
                redis.max-pending-writes | 2048                   | 12                     | 1..
                redis.max-unsent         | 8M                     | 13M
                redis.max-value          | 4M                     | 14K
                memcached.address        | 127.0.0.1:11211        | cache:1                | Pattern  | a
                file.folder              | cache                  | /var/cache             | NotBlank
                file.max-entries         | 50000                  | 9                      | 1..
                file.max-bytes           | 256M                   | 10K
                """);
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
                        "vitrina.cache.wait-for-fresh", "0s",
                        "vitrina.cache.memory.max-entries", "0",
                        "vitrina.cache.redis.url", "http://:secret@cache",
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
                        "vitrina.cache.wait-for-fresh must be longer than or equal to 1 milli",
                        "vitrina.cache.memory.max-entries must be greater than or equal to 1",
                        "vitrina.cache.redis.url must be redis://[user:password@]host:port[/database], rediss://…,"
                                + " unix:///path or redis-sentinel://host:port,host:port#name",
                        "vitrina.cache.redis.connect-timeout must be shorter than or equal to 1 minute",
                        "vitrina.cache.redis.max-pending must be greater than or equal to 1",
                        "vitrina.cache.redis.max-pending-writes must be greater than or equal to 1");
    }

    @Test
    void takesSizesBeyondWhatAnArrayCanHoldForTheLargest() {
        Vertx vertx = Vertx.vertx();
        try {
            CacheServer server = new CacheServer(
                    vertx,
                    Settings.of("vitrina.cache.redis.max-value", "5G"),
                    new RemoteCounters(),
                    new RedisProtocol(),
                    RedisAddress.parse("redis://127.0.0.1", null));
            assertThat(server.maxValue()).isEqualTo(Integer.MAX_VALUE / 2);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
