package org.vitrina.bff.ops;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.function.Supplier;
import org.vitrina.bff.BffConfig;
import org.vitrina.runtime.Draining;

/** Tells a state again and again, as server-sent events, until its reader leaves or the process drains. */
@Singleton
public class LiveStream {
    /** When a reader whose stream we end should come back. */
    private static final Duration RECONNECT = Duration.ofSeconds(1);

    private final Draining draining;
    private final BffConfig config;

    LiveStream(Draining draining, BffConfig config) {
        this.draining = draining;
        this.config = config;
    }

    /** @param now the state, in that type */
    public Multi<OutboundSseEvent> of(Sse sse, MediaType type, Supplier<Object> now) {
        Multi<OutboundSseEvent> states = Multi.createFrom()
                .ticks()
                .every(config.ops().interval())
                .onOverflow()
                .drop()
                .map(tick -> event(sse, type).data(now.get()).build());
        Supplier<OutboundSseEvent> last = () -> event(sse, type)
                .reconnectDelay(RECONNECT.toMillis())
                .data(now.get())
                .build();
        // LATEST: a reader that is too slow misses states instead of making us keep them.
        return Multi.createFrom().emitter(stream -> untilDraining(states, stream, last), BackPressureStrategy.LATEST);
    }

    private void untilDraining(
            Multi<OutboundSseEvent> states,
            MultiEmitter<? super OutboundSseEvent> stream,
            Supplier<OutboundSseEvent> last) {
        Cancellable reading = states.subscribe().with(stream::emit, stream::fail);
        Cancellable waiting = draining.whenBegun().subscribe().with(begun -> {
            stream.emit(last.get());
            stream.complete();
        });
        stream.onTermination(() -> {
            reading.cancel();
            waiting.cancel();
        });
    }

    private static OutboundSseEvent.Builder event(Sse sse, MediaType type) {
        return sse.newEventBuilder().mediaType(type);
    }
}
