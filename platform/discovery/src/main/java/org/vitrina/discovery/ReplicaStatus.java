package org.vitrina.discovery;

/**
 * How one replica fares, as this caller sees it.
 *
 * @param address with its port
 * @param zone empty: none was said
 * @param version empty: none was said
 * @param state {@code well}, {@code doubted} (its last call failed: others are asked first) or {@code put-aside}
 * @param calls that were made to it
 * @param averageMs what its answers took, the newest counting most; 0 before the first
 */
public record ReplicaStatus(
        String id,
        String address,
        String zone,
        String version,
        int weight,
        String state,
        long calls,
        int underWay,
        double averageMs) {}
