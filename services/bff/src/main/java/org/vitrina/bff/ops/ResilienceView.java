package org.vitrina.bff.ops;

import java.util.List;
import org.vitrina.cache.CacheStatus;
import org.vitrina.client.UpstreamStatus;

/** Breakers, calls, caches and the concurrency limit at one instant. */
public record ResilienceView(List<UpstreamStatus> dependencies, CacheStatus cache, Limit limit) {
    /** The adaptive limit in front of the BFF. */
    public record Limit(int limit, int inFlight, long rejected) {}
}
