package org.vitrina.cache;

import java.time.Duration;

/** A value with where it came from; {@code age} is zero when it was loaded for this very call. */
public record Cached<V>(V value, Duration age, Origin origin) {

    /** {@code FRESH} is within its TTL, {@code STALE} beyond it and given because the loader failed or is slow. */
    public enum Origin {
        LOADED,
        FRESH,
        STALE
    }

    static <V> Cached<V> loaded(V value) {
        return new Cached<>(value, Duration.ZERO, Origin.LOADED);
    }
}
