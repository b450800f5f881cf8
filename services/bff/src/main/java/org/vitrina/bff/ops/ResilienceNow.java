package org.vitrina.bff.ops;

import jakarta.inject.Singleton;
import org.vitrina.bff.page.PageOutcomes;
import org.vitrina.cache.Caches;
import org.vitrina.client.Upstream;
import org.vitrina.client.Upstreams;
import org.vitrina.core.Instance;
import org.vitrina.overload.Overload;

/** Reads off pages, breakers, calls, caches and the concurrency limit what they are now. */
@Singleton
class ResilienceNow {
    private final String instance = Instance.name();

    private final PageOutcomes outcomes;
    private final Upstreams upstreams;
    private final Caches caches;
    private final Overload overload;

    ResilienceNow(PageOutcomes outcomes, Upstreams upstreams, Caches caches, Overload overload) {
        this.outcomes = outcomes;
        this.upstreams = upstreams;
        this.caches = caches;
        this.overload = overload;
    }

    ResilienceView view() {
        return new ResilienceView(
                instance,
                outcomes.counts(),
                upstreams.all().stream().map(Upstream::status).toList(),
                upstreams.discovered(),
                caches.status(),
                new ResilienceView.Limit(
                        overload.adaptive().limit(),
                        overload.adaptive().inFlight(),
                        overload.queue().waiting(),
                        overload.adaptive().rejected()));
    }
}
