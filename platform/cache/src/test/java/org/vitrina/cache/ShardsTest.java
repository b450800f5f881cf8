package org.vitrina.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vitrina.cache.Cached.Origin;
import org.vitrina.servers.RedisServer;

/** Pods that come and go, and what becomes of the keys. */
@Timeout(60)
class ShardsTest extends SidecarSuite {
    private static final List<String> KEYS =
            IntStream.range(0, 200).mapToObj(i -> "product-" + i).toList();

    @Test
    void oneShardThatIsAwayCostsItsOwnKeysOnly() {
        List<RedisServer> servers =
                IntStream.range(0, 4).mapToObj(i -> open(RedisServer.start())).toList();
        String shards = String.join(
                ",", servers.stream().map(one -> "127.0.0.1:" + one.port()).toList());
        Cache<String> cache = cache(
                "redis://127.0.0.1:9",
                spec,
                "vitrina.cache.topology",
                "distributed",
                "vitrina.cache.redis.shards",
                shards);
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            all(cache, KEYS);
            return cache.staleAll(KEYS).await().atMost(AT_MOST).size() == KEYS.size();
        });

        servers.get(0).kill();

        // its keys are loaded, those of the three others are found: an even share, give and take
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            var many = all(cache, KEYS);
            assertThat(many.found()).hasSize(KEYS.size());
            long loaded = many.found().values().stream()
                    .filter(one -> one.origin() == Origin.LOADED)
                    .count();
            return loaded > 0 && loaded < KEYS.size() / 2;
        });
    }

    @Test
    void aNameThatCannotBeLookedUpIsNoFailure() {
        Cache<String> cache = cache(
                "redis://127.0.0.1:9",
                spec,
                "vitrina.cache.topology",
                "distributed",
                "vitrina.cache.redis.shards",
                "nowhere.invalid:6379");

        assertThat(get(cache, "a", "1").value()).isEqualTo("1");
        cache.invalidate("a").await().atMost(AT_MOST);
        assertThat(all(cache, KEYS).found()).hasSize(KEYS.size());
    }
}
