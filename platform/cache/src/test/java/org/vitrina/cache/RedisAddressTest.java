package org.vitrina.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisAddressTest {
    @Test
    void readsHostPortDatabaseAndCredentials() {
        assertThat(RedisAddress.parse("redis://ann:p%40ss@cache:7000/2", null))
                .isEqualTo(new RedisAddress("cache", 7000, null, "ann", "p@ss", 2, false, null));
        assertThat(RedisAddress.parse("redis://:pass@cache", null))
                .isEqualTo(new RedisAddress("cache", 6379, null, null, "pass", 0, false, null));
        assertThat(RedisAddress.parse("redis://cache", "beside"))
                .isEqualTo(new RedisAddress("cache", 6379, null, null, "beside", 0, false, null));
        assertThat(RedisAddress.parse("rediss://ann:pass@cache", null))
                .isEqualTo(new RedisAddress("cache", 6379, null, "ann", "pass", 0, true, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unix:///run/redis.sock",
                "unix:/run/redis.sock",
                "redis:unix:///run/redis.sock",
                "redis:unix:/run/redis.sock",
                "redis+unix:///run/redis.sock",
                "redis+socket:///run/redis.sock"
            })
    void readsSocketsInEverySpelling(String url) {
        assertThat(RedisAddress.parse(url, null))
                .isEqualTo(new RedisAddress(null, 0, "/run/redis.sock", null, null, 0, false, null));
    }

    @Test
    void readsWhoKnowsThePrimary() {
        assertThat(RedisAddress.parse("redis-sentinel://ann:p%40ss@one:7000,other/2#shop", null))
                .isEqualTo(new RedisAddress(
                        null,
                        6379,
                        null,
                        "ann",
                        "p@ss",
                        2,
                        false,
                        new RedisAddress.SentinelAddress(
                                List.of(new HostPort("one", 7000), new HostPort("other", 26379)), "shop")));
        assertThat(RedisAddress.parse("redis-sentinel://:secret@one#shop", null))
                .hasToString("redis-sentinel://one:26379#shop")
                .extracting(RedisAddress::password)
                .isEqualTo("secret");
    }

    @Test
    void readsTheDatabaseOfASocket() {
        assertThat(RedisAddress.parse("unix:///run/redis.sock?db=3", null).database())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://cache", "cache:6379", "unix:", "redis://", "redis://h/x", "redis-sentinel://secret:26379"
            })
    void refusesWhatItCannotReachWithoutRepeatingIt(String url) {
        assertThatThrownBy(() -> RedisAddress.parse(url, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("vitrina.cache.redis.url must be redis://")
                .hasMessageNotContaining("secret");
    }

    @Test
    void isPrintedWithoutThePassword() {
        assertThat(RedisAddress.parse("redis://ann:secret@cache:7000/2", null)).hasToString("redis://cache:7000/2");
        assertThat(RedisAddress.parse("unix:/a/b", "secret")).hasToString("unix:///a/b");
    }
}
