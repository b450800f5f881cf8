package org.vitrina.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vitrina.servers.FreePort;
import org.vitrina.servers.RedisServer;

/** A Redis with a replica, which its sentinel makes the primary when that dies. */
@Timeout(120)
class SentinelTest extends SidecarSuite {
    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void goesOnAtTheReplicaThatIsMadeThePrimaryAndNoCallFails() throws IOException {
        RedisServer primary = open(RedisServer.start());
        RedisServer replica = open(RedisServer.start("--replicaof", "127.0.0.1", Integer.toString(primary.port())));
        RedisServer sentinel = open(RedisServer.startSentinel("shop", primary));
        // one of the two is away
        String url = "redis-sentinel://127.0.0.1:" + FreePort.find() + ",127.0.0.1:" + sentinel.port() + "#shop";
        String[] settings = {"vitrina.cache.topology", "dedicated", "vitrina.cache.bypass-for", "100ms"};
        Cache<String> cache = cache(url, spec, settings);
        awaitKept(cache, "before");
        assertThat(primary.ask("DBSIZE")).isEqualTo(":1");

        primary.kill();

        for (int i = 0; i < 50; i++) {
            assertThat(get(cache, "during-" + i, "loaded").value()).isEqualTo("loaded");
        }
        awaitKept(cache, "after");
        assertThat(replica.ask("ROLE")).startsWith("*3");
        assertThat(replica.ask("EXISTS vitrina:" + spec.name() + ":v1:after")).isEqualTo(":1");
        assertThat(replica.ask("EXISTS vitrina:" + spec.name() + ":v1:before")).isEqualTo(":1");
    }

    private void awaitKept(Cache<String> cache, String key) {
        await().atMost(SOON).until(() -> {
            get(cache, key, key);
            return cache.stale(key).await().atMost(AT_MOST) != null;
        });
    }
}
