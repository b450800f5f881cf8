package org.vitrina.cache;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.vitrina.cache.CacheConfig.Topology;
import org.vitrina.servers.MemcachedServer;
import org.vitrina.servers.MemoryServer;
import org.vitrina.servers.RedisServer;
import org.vitrina.testing.proxy.Fault;
import org.vitrina.testing.proxy.FaultProxy;

/** All that one topology needs outside the processes of so many pods, real, and breakable as a whole or part by part. */
final class TopologyServers implements AutoCloseable {
    private final Topology topology;
    private final int megabytes;
    private final boolean proxied;
    private final List<RedisServer> redis = new ArrayList<>();
    private final List<FaultProxy> proxies = new ArrayList<>();
    private final List<MemcachedServer> memcached = new ArrayList<>();
    private final List<List<String>> settings = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();
    private final Path folder;

    /** One kind of server of the topology: how one of them is killed and started again, empty. */
    record Part(String name, Runnable kill, Runnable restart) {}

    /**
     * @param megabytes what each server may keep
     * @param proxied whether a proxy stands before each server, through which it can be broken in more ways than killed
     */
    TopologyServers(Topology topology, Path folder, int pods, int megabytes, boolean proxied) {
        this.topology = topology;
        this.folder = folder;
        this.megabytes = megabytes;
        this.proxied = proxied;
        for (int pod = 0; pod < pods; pod++) {
            settings.add(new ArrayList<>());
        }
        setAll("topology", topology.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        // a server that is well again is to be seen soon
        setAll("bypass-for", "100ms");
        switch (topology) {
            case OFF, MEMORY -> {}
            case SIDECAR -> forEachPod(pod -> set(pod, "redis.url", "redis://" + add("sidecar")));
            case DEDICATED -> setAll("redis.url", "redis://" + add("server"));
            case REPLICATED -> setAll("redis.url", "redis://" + add("channel"));
            case SIDECAR_REPLICA -> {
                setAll("redis.primary-url", "redis://" + add("primary"));
                String primary = Integer.toString(redis.get(0).port());
                forEachPod(
                        pod -> set(pod, "redis.url", "redis://" + add("replica", "--replicaof", "127.0.0.1", primary)));
            }
            case DISTRIBUTED -> {
                List<String> shards = new ArrayList<>();
                for (int shard = 0; shard < Math.max(3, pods); shard++) {
                    shards.add(add("shard"));
                }
                setAll("redis.shards", String.join(",", shards));
            }
            case MEMCACHED -> {
                MemcachedServer server = MemcachedServer.start("-m", Integer.toString(megabytes));
                memcached.add(server);
                parts.add(new Part("server", server::kill, server::restart));
                setAll("memcached.address", address(server.port(), FaultProxy::memcached));
            }
            case FILE -> {
                forEachPod(pod -> set(pod, "file.folder", folder(pod).toString()));
                parts.add(new Part("folder", () -> breakFolder(folder(0)), () -> delete(folder(0))));
            }
        }
    }

    private Path folder(int pod) {
        return folder.resolve(Integer.toString(pod));
    }

    private void forEachPod(IntConsumer step) {
        for (int pod = 0; pod < settings.size(); pod++) {
            step.accept(pod);
        }
    }

    private void setAll(String key, String value) {
        forEachPod(pod -> set(pod, key, value));
    }

    private void set(int pod, String key, String value) {
        settings.get(pod).add("vitrina.cache." + key);
        settings.get(pod).add(value);
    }

    private String add(String part, String... options) {
        List<String> all =
                new ArrayList<>(List.of("--maxmemory", megabytes + "mb", "--maxmemory-policy", "allkeys-lfu"));
        all.addAll(List.of(options));
        RedisServer server = RedisServer.start(all.toArray(String[]::new));
        redis.add(server);
        if (parts.stream().noneMatch(known -> known.name().equals(part))) {
            parts.add(new Part(part, server::kill, server::restart));
        }
        return address(server.port(), FaultProxy::redis);
    }

    private String address(int port, IntFunction<FaultProxy> before) {
        if (!proxied) {
            return "127.0.0.1:" + port;
        }
        FaultProxy proxy = before.apply(port);
        proxies.add(proxy);
        return "127.0.0.1:" + proxy.port();
    }

    String[] settings(int pod) {
        return settings.get(pod).toArray(String[]::new);
    }

    /** The kinds of servers that it has; none where copies are in the process alone. */
    List<Part> parts() {
        return List.copyOf(parts);
    }

    List<MemoryServer> servers() {
        List<MemoryServer> all = new ArrayList<>(redis);
        all.addAll(memcached);
        return all;
    }

    /** What came to any server through its proxy: commands of Redis, pieces of memcached's. */
    int requests() {
        return proxies.stream().mapToInt(FaultProxy::requests).sum();
    }

    boolean isRemote() {
        return !redis.isEmpty() || !memcached.isEmpty();
    }

    Topology topology() {
        return topology;
    }

    void kill() {
        redis.forEach(RedisServer::kill);
        memcached.forEach(MemcachedServer::kill);
        if (topology == Topology.FILE) {
            forEachPod(pod -> breakFolder(folder(pod)));
        }
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
            forEachPod(pod -> delete(folder(pod)));
        }
    }

    void inject(Fault fault) {
        proxies.forEach(proxy -> proxy.inject(fault));
    }

    void heal() {
        proxies.forEach(FaultProxy::heal);
    }

    /** A file stands where the folder was: nothing can be read or written, also by root. */
    private static void breakFolder(Path path) {
        insist(() -> {
            deleteAll(path);
            Files.createDirectories(path.getParent());
            Files.writeString(path, "no folder");
        });
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
        // one matcher: of two the later counts alone
        await().ignoreExceptionsMatching(gone -> gone instanceof IOException || gone instanceof UncheckedIOException)
                .untilAsserted(work);
    }

    @Override
    public void close() {
        thaw();
        proxies.forEach(FaultProxy::close);
        redis.forEach(RedisServer::close);
        memcached.forEach(MemcachedServer::close);
        delete(folder);
    }
}
