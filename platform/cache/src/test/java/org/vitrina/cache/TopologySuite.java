package org.vitrina.cache;

import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.vitrina.cache.CacheConfig.Topology;
import org.vitrina.servers.MemcachedServer;

/** Processes with a topology's real servers: what the tests of all of them do and look at. */
abstract class TopologySuite extends SidecarSuite {
    static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path temporary;

    TopologyServers servers(Topology topology) {
        return servers(topology, 1);
    }

    TopologyServers servers(Topology topology, int pods) {
        assumeThat(topology != Topology.MEMCACHED || MemcachedServer.isInstalled())
                .as("memcached is not installed here: apt-get install memcached")
                .isTrue();
        return open(new TopologyServers(topology, temporary.resolve("cache"), pods, 8, true));
    }

    Caches process(TopologyServers servers, String... more) {
        return process(0, servers, more);
    }

    Caches process(int pod, TopologyServers servers, String... more) {
        List<String> settings = new ArrayList<>(List.of(servers.settings(pod)));
        settings.addAll(List.of(more));
        return caches("redis://127.0.0.1:9", settings.toArray(String[]::new));
    }

    boolean isKept(Cache<String> cache, String key) {
        return cache.stale(key).await().atMost(AT_MOST) != null;
    }

    /** Until a value that is loaded is found again. */
    void awaitUse(Cache<String> cache, String key) {
        await().atMost(SOON).until(() -> {
            get(cache, key, key);
            return isKept(cache, key);
        });
    }
}
