package org.vitrina.bff.ops;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import org.vitrina.bff.BffConfig;
import org.vitrina.cache.Caches;
import org.vitrina.client.Upstream;
import org.vitrina.client.Upstreams;
import org.vitrina.overload.ConcurrencyLimit;
import org.vitrina.runtime.Draining;

/** {@code /ops/resilience}: what protects the pages, and how it fares, once or as a stream. */
@Path("/ops/resilience")
public class ResilienceResource {
    /** When a reader whose stream we end should come back. */
    private static final Duration RECONNECT = Duration.ofSeconds(1);

    private final Upstreams upstreams;
    private final Caches caches;
    private final ConcurrencyLimit limit;
    private final Draining draining;
    private final BffConfig config;

    ResilienceResource(
            Upstreams upstreams, Caches caches, ConcurrencyLimit limit, Draining draining, BffConfig config) {
        this.upstreams = upstreams;
        this.caches = caches;
        this.limit = limit;
        this.draining = draining;
        this.config = config;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public ResilienceView now() {
        return new ResilienceView(
                upstreams.all().stream().map(Upstream::status).toList(),
                caches.status(),
                new ResilienceView.Limit(limit.limit(), limit.inFlight(), limit.rejected()));
    }

    @GET
    @Path("/stream")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> stream(@Context Sse sse) {
        Multi<OutboundSseEvent> states = Multi.createFrom()
                .ticks()
                .every(config.ops().interval())
                .onOverflow()
                .drop()
                .map(tick -> event(sse).data(now()).build());
        // LATEST: a reader that is too slow misses states instead of making us keep them.
        return Multi.createFrom().emitter(stream -> untilDraining(states, stream, sse), BackPressureStrategy.LATEST);
    }

    private void untilDraining(Multi<OutboundSseEvent> states, MultiEmitter<? super OutboundSseEvent> stream, Sse sse) {
        Cancellable reading = states.subscribe().with(stream::emit, stream::fail);
        Cancellable waiting = draining.whenBegun().subscribe().with(begun -> {
            stream.emit(
                    event(sse).reconnectDelay(RECONNECT.toMillis()).data(now()).build());
            stream.complete();
        });
        stream.onTermination(() -> {
            reading.cancel();
            waiting.cancel();
        });
    }

    private static OutboundSseEvent.Builder event(Sse sse) {
        return sse.newEventBuilder().mediaType(MediaType.APPLICATION_JSON_TYPE);
    }
}
