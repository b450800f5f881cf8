package org.vitrina.cache;

import java.time.Duration;

/**
 * What one cache promises, whatever the topology.
 *
 * @param name part of every key and of every metric: lower case letters, digits and dashes
 * @param schemaVersion part of every key: raise it when the codec's bytes change their meaning
 * @param codec the bytes that are kept
 * @param ttl a copy younger than this is served without asking the loader
 * @param maxStale a copy younger than this is served when the loader fails; zero or at most {@code ttl}: none is
 * @param negativeTtl how long a key counts as known not to exist; zero keeps no such entry
 * @param ttlJitter 0..1: a load's TTL is shortened by a random part of up to this share, so that entries made together
 *     do not end together; keys loaded by one batch share one draw, so that they stay one batch
 * @param refreshAhead 0..1: a hit in this last share of the TTL starts one refresh in the background; zero: none
 * @param maxEntries bound where this process keeps the copies (topology {@code memory})
 * @param maxBytes the same in bytes of the encoded values
 */
public record CacheSpec<V>(
        String name,
        int schemaVersion,
        Codec<V> codec,
        Duration ttl,
        Duration maxStale,
        Duration negativeTtl,
        double ttlJitter,
        double refreshAhead,
        long maxEntries,
        long maxBytes) {

    public CacheSpec {
        require(name.matches("[a-z0-9-]+"), name, "name must be of lower case letters, digits and dashes");
        require(!ttl.isNegative() && !ttl.isZero(), name, "ttl must be positive");
        require(!maxStale.isNegative(), name, "maxStale must not be negative");
        require(!negativeTtl.isNegative(), name, "negativeTtl must not be negative");
        require(ttlJitter >= 0 && ttlJitter < 1, name, "ttlJitter must be in 0 (inclusive) .. 1 (exclusive)");
        require(refreshAhead >= 0 && refreshAhead < 1, name, "refreshAhead must be in 0 (inclusive) .. 1 (exclusive)");
        require(maxEntries > 0 && maxBytes > 0, name, "maxEntries and maxBytes must be positive");
    }

    /** TTL 5 s, no stale copies, unknown keys 1 s, jitter 10 %, refresh in the last 20 %, 10 000 entries, 32 MiB. */
    public static <V> CacheSpec<V> named(String name, Codec<V> codec) {
        return new CacheSpec<>(
                name,
                1,
                codec,
                Duration.ofSeconds(5),
                Duration.ZERO,
                Duration.ofSeconds(1),
                0.1,
                0.2,
                10_000,
                32L << 20);
    }

    public CacheSpec<V> withSchemaVersion(int version) {
        return new CacheSpec<>(
                name, version, codec, ttl, maxStale, negativeTtl, ttlJitter, refreshAhead, maxEntries, maxBytes);
    }

    public CacheSpec<V> withTtl(Duration newTtl) {
        return new CacheSpec<>(
                name,
                schemaVersion,
                codec,
                newTtl,
                maxStale,
                negativeTtl,
                ttlJitter,
                refreshAhead,
                maxEntries,
                maxBytes);
    }

    public CacheSpec<V> withMaxStale(Duration newMaxStale) {
        return new CacheSpec<>(
                name,
                schemaVersion,
                codec,
                ttl,
                newMaxStale,
                negativeTtl,
                ttlJitter,
                refreshAhead,
                maxEntries,
                maxBytes);
    }

    public CacheSpec<V> withNegativeTtl(Duration newNegativeTtl) {
        return new CacheSpec<>(
                name,
                schemaVersion,
                codec,
                ttl,
                maxStale,
                newNegativeTtl,
                ttlJitter,
                refreshAhead,
                maxEntries,
                maxBytes);
    }

    public CacheSpec<V> withTtlJitter(double share) {
        return new CacheSpec<>(
                name, schemaVersion, codec, ttl, maxStale, negativeTtl, share, refreshAhead, maxEntries, maxBytes);
    }

    public CacheSpec<V> withRefreshAhead(double share) {
        return new CacheSpec<>(
                name, schemaVersion, codec, ttl, maxStale, negativeTtl, ttlJitter, share, maxEntries, maxBytes);
    }

    public CacheSpec<V> withBounds(long entries, long bytes) {
        return new CacheSpec<>(
                name, schemaVersion, codec, ttl, maxStale, negativeTtl, ttlJitter, refreshAhead, entries, bytes);
    }

    /** How long a copy is of any use at all. */
    Duration keep() {
        return maxStale.compareTo(ttl) > 0 ? maxStale : ttl;
    }

    private static void require(boolean holds, String name, String message) {
        if (!holds) {
            throw new IllegalArgumentException("cache " + name + ": " + message);
        }
    }
}
