package org.vitrina.bff.ops;

import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestStreamElementType;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.upstream.Upstreams;
import org.vitrina.cache.Caches;
import org.vitrina.client.Upstream;
import org.vitrina.web.ConcurrencyLimit;

/** {@code /ops/resilience}: what protects the pages, and how it fares, once or as a stream. */
@Path("/ops/resilience")
public class ResilienceResource {
    private final Upstreams upstreams;
    private final Caches caches;
    private final ConcurrencyLimit limit;
    private final BffConfig config;

    ResilienceResource(Upstreams upstreams, Caches caches, ConcurrencyLimit limit, BffConfig config) {
        this.upstreams = upstreams;
        this.caches = caches;
        this.limit = limit;
        this.config = config;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "Breakers, calls, retries, times and caches of each dependency")
    @APIResponse(responseCode = "200", description = "Counts since the start; times in milliseconds")
    public ResilienceView now() {
        return new ResilienceView(
                upstreams.all().stream().map(Upstream::status).toList(),
                caches.status(),
                new ResilienceView.Limit(limit.limit(), limit.inFlight(), limit.rejected()));
    }

    @GET
    @Path("/stream")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    @Operation(summary = "The same as server-sent events, one a second")
    @APIResponse(responseCode = "200", description = "A stream that ends when the caller leaves or the service drains")
    @APIResponse(responseCode = "503", description = "Too many streams")
    public Multi<ResilienceView> stream() {
        // A reader that is too slow misses states instead of making us keep them.
        return Multi.createFrom()
                .ticks()
                .startingAfter(java.time.Duration.ZERO)
                .every(config.ops().interval())
                .onOverflow()
                .drop()
                .map(tick -> now());
    }
}
