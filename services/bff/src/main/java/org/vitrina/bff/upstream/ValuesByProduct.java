package org.vitrina.bff.upstream;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vitrina.cache.Cached;
import org.vitrina.client.Reason;

/**
 * What a service says of the products of one page.
 *
 * @param known values by the product's id, of any age
 * @param missing how many could not be had; those that the service does not know are not among them
 * @param reason the most frequent reason why some are missing or old; null when all is well
 * @param stale how many are older than their time to live
 * @param oldest age of the oldest of those
 */
public record ValuesByProduct<V>(
        Map<String, Cached<V>> known, int missing, @Nullable Reason reason, int stale, Duration oldest) {}
