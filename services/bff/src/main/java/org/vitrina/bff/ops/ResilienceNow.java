package org.vitrina.bff.ops;

import jakarta.inject.Singleton;
import java.util.Optional;
import org.vitrina.bff.page.PageOutcomes;
import org.vitrina.cache.Caches;
import org.vitrina.client.Upstream;
import org.vitrina.client.Upstreams;
import org.vitrina.overload.Overload;

/** Reads off pages, breakers, calls, caches and the concurrency limit what they are now. */
@Singleton
class ResilienceNow {
    /** A pod's name is its host's; on one machine the process tells replicas apart. */
    private final String instance = Optional.ofNullable(System.getenv("HOSTNAME"))
                    .orElse("bff") + " · " + ProcessHandle.current().pid();

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
