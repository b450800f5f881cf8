package org.vitrina.bff.ops;

import jakarta.inject.Singleton;
import org.vitrina.cache.Caches;
import org.vitrina.client.Upstream;
import org.vitrina.client.Upstreams;
import org.vitrina.overload.ConcurrencyLimit;

/** Reads off breakers, calls, caches and the concurrency limit what they are now. */
@Singleton
class ResilienceNow {
    private final Upstreams upstreams;
    private final Caches caches;
    private final ConcurrencyLimit limit;

    ResilienceNow(Upstreams upstreams, Caches caches, ConcurrencyLimit limit) {
        this.upstreams = upstreams;
        this.caches = caches;
        this.limit = limit;
    }

    ResilienceView view() {
        return new ResilienceView(
                upstreams.all().stream().map(Upstream::status).toList(),
                caches.status(),
                new ResilienceView.Limit(limit.limit(), limit.inFlight(), limit.rejected()));
    }
}
