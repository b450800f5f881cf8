package org.vitrina.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the configured topology needs beside the process: servers, a folder, a bus. */
final class Backend {
    private final Vertx vertx;
    private final CacheConfig config;
    private final RemoteCounters counters = new RemoteCounters();
    private final @Nullable CacheServer reads;
    private final @Nullable CacheServer writes;
    private final @Nullable Shards shards;
    private final @Nullable Folder folder;
    private final @Nullable InvalidationBus bus;

    Backend(Vertx vertx, CacheConfig config) {
        this.vertx = vertx;
        this.config = config;
        CacheServer near = null;
        CacheServer main = null;
        Shards ring = null;
        Folder files = null;
        InvalidationBus invalidations = null;
        switch (config.topology()) {
            case OFF, MEMORY -> {}
            case SIDECAR, DEDICATED -> {
                main = redis(config.redis().url());
                near = main;
            }
            case SIDECAR_REPLICA -> {
                main = redis(config.redis().primaryUrl());
                near = redis(config.redis().url());
            }
            case MEMCACHED -> {
                HostPort address = HostPort.parse(config.memcached().address());
                main = new CacheServer(
                        vertx, config, counters, new MemcachedProtocol(), RedisAddress.plain(address, null));
                near = main;
            }
            case DISTRIBUTED ->
                ring = new Shards(
                        vertx,
                        config,
                        address -> new CacheServer(
                                vertx,
                                config,
                                counters,
                                new RedisProtocol(),
                                RedisAddress.plain(
                                        address, config.redis().password().orElse(null))));
            case REPLICATED -> {
                main = redis(config.redis().url());
                invalidations = new InvalidationBus(vertx, main, config.keyPrefix());
            }
            case FILE -> files = new Folder(Path.of(config.file().folder()), config, counters);
        }
        this.reads = near;
        this.writes = main;
        this.shards = ring;
        this.folder = files;
        this.bus = invalidations;
    }

    private CacheServer redis(String url) {
        RedisAddress address = RedisAddress.parse(url, config.redis().password().orElse(null));
        return new CacheServer(vertx, config, counters, new RedisProtocol(), address);
    }

    /** Connects without waiting for it. */
    void start(MeterRegistry registry) {
        if (writes != null || shards != null || folder != null) {
            counters.export(registry);
        }
        if (writes != null) {
            writes.connect();
        }
        if (reads != null && reads != writes) {
            reads.connect();
        }
        if (shards != null) {
            shards.start();
        }
        if (bus != null) {
            bus.start();
        }
    }

    void stop() {
        if (bus != null) {
            bus.close();
        }
        if (writes != null) {
            writes.close();
        }
        if (reads != null && reads != writes) {
            reads.close();
        }
        if (shards != null) {
            shards.close();
        }
        if (folder != null) {
            folder.close();
        }
    }

    <V> Store<V> store(CacheSpec<V> spec, CacheCounters own) {
        if (shards != null) {
            return new ShardedStore<>(shards, server -> new ServerStore<>(spec, config.keyPrefix(), server, server));
        }
        if (folder != null) {
            return new FileStore<>(
                    vertx,
                    spec,
                    folder,
                    Math.min(spec.maxEntries(), config.file().maxEntries()),
                    config.file().maxBytes().asLongValue(),
                    config.timeout(),
                    own);
        }
        if (bus != null) {
            return bus.attach(spec, memory(spec, own));
        }
        return reads != null && writes != null
                ? new ServerStore<>(spec, config.keyPrefix(), reads, writes)
                : memory(spec, own);
    }

    private <V> MemoryStore<V> memory(CacheSpec<V> spec, CacheCounters own) {
        return new MemoryStore<>(
                spec,
                Math.min(spec.maxEntries(), config.memory().maxEntries()),
                Math.min(spec.maxBytes(), config.memory().maxBytes().asLongValue()),
                Ticker.systemTicker(),
                own);
    }

    CacheStatus status(List<CacheStatus.OneCache> caches) {
        return counters.status(config.topology().name().toLowerCase(Locale.ROOT).replace('_', '-'), caches);
    }
}
