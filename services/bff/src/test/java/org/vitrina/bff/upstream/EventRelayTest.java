package org.vitrina.bff.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.sse.OutboundSseEvent;
import java.time.Duration;
import java.util.List;
import org.jboss.resteasy.reactive.server.jaxrs.SseImpl;
import org.junit.jupiter.api.Test;
import org.vitrina.client.ServerSentEvent;
import org.vitrina.runtime.Draining;

class EventRelayTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration NEVER = Duration.ofHours(1);

    /** Told to end when {@code begins} completes. */
    private record Leaving(Uni<Void> begins) implements Draining {
        @Override
        public boolean begun() {
            return false;
        }

        @Override
        public Uni<Void> whenBegun() {
            return begins;
        }
    }

    @Test
    void showsALifeSignWhileNothingHappens() {
        var relay = new EventRelay(new Leaving(Uni.createFrom().nothing()), Duration.ofMillis(20));

        List<OutboundSseEvent> events = first(2, relay.relay(Multi.createFrom().nothing(), new SseImpl()));

        assertThat(events).extracting(OutboundSseEvent::getComment).containsExactly("still here", "still here");
        assertThat(events).extracting(OutboundSseEvent::getData).containsOnlyNulls();
    }

    @Test
    void endsWithAWordWhenTheProcessIsToldToEnd() {
        var relay = new EventRelay(new Leaving(Uni.createFrom().voidItem()), NEVER);

        assertEnds(all(relay.relay(Multi.createFrom().nothing(), new SseImpl())));
    }

    @Test
    void endsWithAWordWhenTheStreamBehindBreaks() {
        var relay = new EventRelay(new Leaving(Uni.createFrom().nothing()), NEVER);

        assertEnds(all(relay.relay(
                Multi.createFrom().<ServerSentEvent>failure(new IllegalStateException("reset")), new SseImpl())));
    }

    private static void assertEnds(List<OutboundSseEvent> events) {
        assertThat(events).singleElement().satisfies(end -> {
            assertThat(end.getReconnectDelay()).isEqualTo(1000);
            assertThat(end.getData()).isNull();
        });
    }

    private static List<OutboundSseEvent> first(int count, Multi<OutboundSseEvent> events) {
        return all(events.select().first(count));
    }

    private static List<OutboundSseEvent> all(Multi<OutboundSseEvent> events) {
        return events.collect().asList().await().atMost(SOON);
    }
}
