package org.vitrina.bff.ops;

import java.util.List;
import org.vitrina.bff.page.PageOutcomes;
import org.vitrina.cache.CacheStatus;
import org.vitrina.client.ReplicasStatus;
import org.vitrina.client.UpstreamStatus;

/**
 * Pages, breakers, calls, caches and the concurrency limit of one replica at one instant.
 *
 * @param instance which replica of the BFF this is
 * @param pages what its callers got since its start
 * @param discovered the replicas of those dependencies that are found by the registry
 */
public record ResilienceView(
        String instance,
        PageOutcomes.Counts pages,
        List<UpstreamStatus> dependencies,
        List<ReplicasStatus> discovered,
        CacheStatus cache,
        Limit limit) {
    /**
     * The adaptive limit in front of the BFF.
     *
     * @param waiting requests that wait until they may be served
     */
    public record Limit(int limit, int inFlight, int waiting, long rejected) {}
}
