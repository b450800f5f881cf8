package org.vitrina.cache;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.vitrina.cache.CacheConfig.Topology;
import org.vitrina.servers.MemcachedServer;
import org.vitrina.servers.RedisServer;
import org.vitrina.testing.proxy.Fault;
import org.vitrina.testing.proxy.FaultProxy;

/** All that one topology needs outside the process, real, and breakable as a whole. */
final class TopologyServers implements AutoCloseable {
    private final Topology topology;
    private final List<RedisServer> redis = new ArrayList<>();
    private final List<FaultProxy> proxies = new ArrayList<>();
    private final List<MemcachedServer> memcached = new ArrayList<>();
    private final List<String> settings = new ArrayList<>();
    private final Path folder;

    TopologyServers(Topology topology, Path folder) {
        this.topology = topology;
        this.folder = folder;
        set("topology", topology.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
        // a server that is well again is to be seen soon
        set("bypass-for", "100ms");
        switch (topology) {
            case OFF, MEMORY -> {}
            case SIDECAR, DEDICATED, REPLICATED -> set("redis.url", "redis://" + add(RedisServer.start()));
            case SIDECAR_REPLICA -> {
                RedisServer primary = RedisServer.start();
                set("redis.primary-url", "redis://" + add(primary));
                set(
                        "redis.url",
                        "redis://"
                                + add(RedisServer.start("--replicaof", "127.0.0.1", Integer.toString(primary.port()))));
            }
            case DISTRIBUTED ->
                set(
                        "redis.shards",
                        add(RedisServer.start()) + "," + add(RedisServer.start()) + "," + add(RedisServer.start()));
            case MEMCACHED -> {
                memcached.add(MemcachedServer.start("-m", "8"));
                set("memcached.address", "127.0.0.1:" + memcached.get(0).port());
            }
            case FILE -> set("file.folder", folder.toString());
        }
    }

    private void set(String key, String value) {
        settings.add("vitrina.cache." + key);
        settings.add(value);
    }

    private String add(RedisServer server) {
        redis.add(server);
        FaultProxy proxy = FaultProxy.redis(server.port());
        proxies.add(proxy);
        return "127.0.0.1:" + proxy.port();
    }

    String[] settings() {
        return settings.toArray(String[]::new);
    }

    boolean isRemote() {
        return !redis.isEmpty() || !memcached.isEmpty();
    }

    /** Whether a second process of another pod sees what the first has removed. */
    boolean isShared() {
        return isRemote();
    }

    Topology topology() {
        return topology;
    }

    void kill() {
        redis.forEach(RedisServer::kill);
        memcached.forEach(MemcachedServer::kill);
        breakFolder();
    }

    void freeze() {
        redis.forEach(RedisServer::freeze);
        memcached.forEach(MemcachedServer::freeze);
    }

    void thaw() {
        redis.forEach(RedisServer::thaw);
        memcached.forEach(MemcachedServer::thaw);
    }

    /** Empty. */
    void restart() {
        redis.forEach(RedisServer::restart);
        memcached.forEach(MemcachedServer::restart);
        if (topology == Topology.FILE) {
            delete(folder);
        }
    }

    void inject(Fault fault) {
        proxies.forEach(proxy -> proxy.inject(fault));
    }

    void heal() {
        proxies.forEach(FaultProxy::heal);
    }

    /** A file stands where the folder was: nothing can be read or written, also by root. */
    private void breakFolder() {
        if (topology == Topology.FILE) {
            insist(() -> {
                deleteAll(folder);
                Files.writeString(folder, "no folder");
            });
        }
    }

    private static void delete(Path path) {
        insist(() -> deleteAll(path));
    }

    private static void deleteAll(Path path) throws IOException {
        if (Files.exists(path)) {
            try (Stream<Path> all = Files.walk(path)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(each);
                }
            }
        }
    }

    /** Again where a file came meanwhile: what is written behind may be on its way still. */
    private static void insist(ThrowingRunnable work) {
        await().ignoreExceptionsInstanceOf(IOException.class)
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .untilAsserted(work);
    }

    @Override
    public void close() {
        thaw();
        proxies.forEach(FaultProxy::close);
        redis.forEach(RedisServer::close);
        memcached.forEach(MemcachedServer::close);
    }
}
