package org.vitrina.bff.upstream;

import io.smallrye.mutiny.Multi;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.Objects;
import org.vitrina.bff.BffConfig;
import org.vitrina.client.ServerSentEvent;
import org.vitrina.runtime.Draining;

/**
 * Hands a dependency's event stream on and ends it in order: the reader is told to reconnect, wherever it ended. One from which
 * nothing comes, not even a heartbeat, has ended too, whatever its connection looks like.
 */
@ApplicationScoped
public class EventRelay {
    /** When a reader whose stream has ended should come back. */
    private static final Duration RECONNECT = Duration.ofSeconds(1);

    /** Below the 30 s or 60 s after which proxies take a silent connection for a dead one. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final Draining draining;
    private final Duration heartbeat;
    private final Duration idleLimit;

    @Inject
    EventRelay(Draining draining, BffConfig config) {
        this(draining, HEARTBEAT, config.eventIdleLimit());
    }

    EventRelay(Draining draining, Duration heartbeat, Duration idleLimit) {
        this.draining = draining;
        this.heartbeat = heartbeat;
        this.idleLimit = idleLimit;
    }

    /** The events with their ids; heartbeats are our own. */
    public Multi<OutboundSseEvent> relay(Multi<ServerSentEvent> events, Sse sse) {
        OutboundSseEvent end = sse.newEventBuilder()
                .comment("ends here")
                .reconnectDelay(RECONNECT.toMillis())
                .build();
        // Before the filter: a heartbeat is a sign of life too.
        Multi<OutboundSseEvent> states = events.ifNoItem()
                .after(idleLimit)
                .fail()
                .filter(event -> event.data() != null)
                .map(event -> passed(event, sse))
                .onFailure()
                .recoverWithCompletion()
                .onCompletion()
                .continueWith(end);
        Multi<OutboundSseEvent> beats = Multi.createFrom()
                .ticks()
                .startingAfter(heartbeat) // the first would come at once, beside an end that is already there
                .every(heartbeat)
                .onOverflow()
                .drop()
                .map(tick -> sse.newEventBuilder().comment("still here").build());
        Multi<OutboundSseEvent> drained = draining.whenBegun().map(begun -> end).toMulti();
        Multi<OutboundSseEvent> all = Multi.createBy()
                .merging()
                .streams(states, beats, drained)
                .select()
                .first(event -> event != end);
        return Multi.createBy().concatenating().streams(all, Multi.createFrom().item(end));
    }

    private static OutboundSseEvent passed(ServerSentEvent event, Sse sse) {
        OutboundSseEvent.Builder passed =
                sse.newEventBuilder().data(String.class, Objects.requireNonNull(event.data()));
        if (event.id() != null) {
            passed.id(event.id());
        }
        if (event.event() != null) {
            passed.name(event.event());
        }
        return passed.build();
    }
}
