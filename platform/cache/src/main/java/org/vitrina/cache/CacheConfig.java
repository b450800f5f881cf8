package org.vitrina.cache;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Where copies are kept and how long anybody waits for them. */
@ConfigMapping(prefix = "vitrina.cache")
public interface CacheConfig {

    /**
     * Where copies are kept: off (nowhere), memory (in the process), sidecar (a Redis beside it), sidecar-replica (the same,
     * a replica of a common primary, to which is written), dedicated (a Redis of its own), distributed (several Redis, each
     * key in one), replicated (in the process, invalidated in all by a Redis), file (a folder), memcached.
     */
    @WithDefault("sidecar")
    Topology topology();

    /** The longest wait for a look-up outside the process. */
    @WithDefault("15ms")
    @DurationMin(millis = 1)
    @DurationMax(minutes = 1)
    Duration timeout();

    /** After this many failed look-ups in a row the remote store is bypassed. */
    @WithDefault("5")
    @Min(1)
    int bypassAfter();

    /** How long it is bypassed before one look-up may try it again. */
    @WithDefault("1s")
    @DurationMin(millis = 1)
    @DurationMax(hours = 1)
    Duration bypassFor();

    /** Starts every key, so that several installs can share a store. */
    @WithDefault("vitrina")
    @NotBlank
    String keyPrefix();

    /** A load older than this is joined by nobody: a loader that hangs for ever does not hold up its key. */
    @WithDefault("5s")
    @DurationMin(millis = 1)
    @DurationMax(hours = 1)
    Duration loadLimit();

    /** How old a load may get before a call that has a copy younger than max-stale answers with that. */
    @WithDefault("100ms")
    @DurationMin(millis = 1)
    @DurationMax(minutes = 1)
    Duration waitForFresh();

    Memory memory();

    Redis redis();

    Memcached memcached();

    File file();

    /** Where copies may be kept. */
    enum Topology {
        OFF,
        MEMORY,
        SIDECAR,
        SIDECAR_REPLICA,
        DEDICATED,
        DISTRIBUTED,
        REPLICATED,
        FILE,
        MEMCACHED
    }

    /** The memcached of that topology; its bounds are those of {@code vitrina.cache.redis}. */
    interface Memcached {
        /** {@code host:port} of a memcached 1.6 or later. */
        @WithDefault("127.0.0.1:11211")
        @Pattern(regexp = HostPort.FORM, message = "must be host:port")
        String address();
    }

    /** The folder of topology {@code file}. */
    interface File {
        /** A folder that belongs to this process alone; one that outlives it is read again. */
        @WithDefault("cache")
        @NotBlank
        String folder();

        /** Most files of one cache. */
        @WithDefault("50000")
        @Min(1)
        int maxEntries();

        /** Most bytes of one cache on the disk. */
        @WithDefault("256M")
        MemorySize maxBytes();
    }

    /** Bounds for each cache in topologies {@code memory} and {@code replicated}, on top of the cache's own. */
    interface Memory {
        /** Most entries of one cache. */
        @WithDefault("50000")
        @Min(1)
        int maxEntries();

        /** Most bytes of one cache. */
        @WithDefault("64M")
        MemorySize maxBytes();
    }

    /** The Redis of topologies {@code sidecar}, {@code sidecar-replica}, {@code dedicated}, {@code distributed}, {@code replicated}. */
    interface Redis {
        /**
         * {@code redis://[user:password@]host:port[/database]}, {@code rediss://} with TLS, {@code unix:///path/of/socket}, or
         * {@code redis-sentinel://[user:password@]host:port,host:port[/database]#name}: the primary that its sentinels name.
         */
        @WithDefault("${quarkus.redis.hosts:redis://127.0.0.1:6379}")
        @RedisUrl
        String url();

        /** The primary of {@code sidecar-replica}, in the form of url: what is read there is written here. */
        @WithDefault("redis://127.0.0.1:6379")
        @RedisUrl
        String primaryUrl();

        /** All Redis of {@code distributed}: host:port, and each address of a host is one. */
        @WithDefault("127.0.0.1:6379")
        List<@Pattern(regexp = HostPort.FORM, message = "must be host:port") String> shards();

        /** How often the hosts of shards are looked up again. */
        @WithDefault("5s")
        @DurationMin(millis = 100)
        @DurationMax(hours = 1)
        Duration shardsRefresh();

        /** With rediss: a file with the certificates (PEM) of the authorities that are trusted; those that Java trusts without it. */
        Optional<String> caFile();

        /** Password of all of them, where it is not to stand in the URL. */
        Optional<String> password();

        /** Longest time until a new connection is usable. */
        @WithDefault("500ms")
        @DurationMin(millis = 1)
        @DurationMax(minutes = 1)
        Duration connectTimeout();

        /** Commands without an answer yet on the connection of one event loop; beyond it look-ups are misses. */
        @WithDefault("1024")
        @Min(1)
        int maxPending();

        /** Values being written without an answer yet, for each event loop; beyond it they are not kept. */
        @WithDefault("2048")
        @Min(1)
        int maxPendingWrites();

        /** Bytes not yet taken by Redis on one connection; beyond it look-ups are misses and values are not kept. */
        @WithDefault("8M")
        MemorySize maxUnsent();

        /** A value larger than this is not kept, and a reply larger than this is taken for garbage. */
        @WithDefault("4M")
        MemorySize maxValue();
    }
}
